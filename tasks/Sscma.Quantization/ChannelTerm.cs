namespace Sscma.Quantization;

/// <summary>What follows a channel of a convolution and is part of it in the file: y' = factor · y + offset.</summary>
/// <param name="Factor">Positive.</param>
/// <param name="Offset">In the unit of y'.</param>
public readonly record struct ChannelTerm(float Factor, float Offset);

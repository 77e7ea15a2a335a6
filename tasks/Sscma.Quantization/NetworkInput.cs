namespace Sscma.Quantization;

/// <summary>What the network of an ONNX file takes.</summary>
/// <param name="Channels">3 for RGB, 1 for grey.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Pixels per row.</param>
/// <param name="IsDetector">Whether it has the outputs of an RTMDet detector.</param>
public sealed record NetworkInput(int Channels, int Height, int Width, bool IsDetector);

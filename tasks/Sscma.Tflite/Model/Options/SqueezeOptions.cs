namespace Sscma.Tflite;

/// <summary>Options of a squeeze.</summary>
/// <param name="Dimensions">The axes to drop; empty for every axis of extent 1.</param>
public sealed record SqueezeOptions(int[] Dimensions) : OperatorOptions;

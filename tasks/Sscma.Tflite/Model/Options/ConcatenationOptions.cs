namespace Sscma.Tflite;

/// <summary>Options of a concatenation.</summary>
/// <param name="Axis">The axis that grows; negative counts from the last.</param>
/// <param name="Activation">Only none is used.</param>
public sealed record ConcatenationOptions(int Axis, Activation Activation = Activation.None) : OperatorOptions;

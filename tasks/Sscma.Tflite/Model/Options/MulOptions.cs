namespace Sscma.Tflite;

/// <summary>Options of a multiplication.</summary>
/// <param name="Activation">Applied to the result.</param>
public sealed record MulOptions(Activation Activation = Activation.None) : OperatorOptions;

namespace Sscma.Tflite;

/// <summary>Options of a subtraction.</summary>
/// <param name="Activation">Applied to the result.</param>
/// <param name="PotScaleInt16">Concerns int16 only; true in every file.</param>
public sealed record SubOptions(Activation Activation = Activation.None, bool PotScaleInt16 = true) : OperatorOptions;

namespace Sscma.Tflite;

/// <summary>Options of a subtraction.</summary>
/// <param name="Activation">Applied to the result.</param>
/// <param name="PotScaleInt16">int16 only: true demands scales that are powers of two. TensorFlow Lite Micro does not look at it.</param>
public sealed record SubOptions(Activation Activation = Activation.None, bool PotScaleInt16 = true) : OperatorOptions;

namespace Sscma.Tflite;

/// <summary>Options of a reshape.</summary>
/// <param name="NewShape">The shape, as in the second operand; -1 for one open extent.</param>
public sealed record ReshapeOptions(int[] NewShape) : OperatorOptions;

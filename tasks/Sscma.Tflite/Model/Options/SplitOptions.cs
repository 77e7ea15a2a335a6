namespace Sscma.Tflite;

/// <summary>Options of a split.</summary>
/// <param name="Count">Number of equal parts.</param>
public sealed record SplitOptions(int Count) : OperatorOptions;

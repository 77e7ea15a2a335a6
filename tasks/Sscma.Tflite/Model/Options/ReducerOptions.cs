namespace Sscma.Tflite;

/// <summary>Options of a mean or sum over axes.</summary>
/// <param name="KeepDimensions">Reduced axes stay with extent 1.</param>
public sealed record ReducerOptions(bool KeepDimensions = false) : OperatorOptions;

namespace Sscma.Tflite;

/// <summary>Options of an operator. Each operator that has any has one record.</summary>
public abstract record OperatorOptions;

namespace Sscma.Tflite;

/// <summary>Options of a leaky ReLU.</summary>
/// <param name="Alpha">Slope below zero.</param>
public sealed record LeakyReluOptions(float Alpha) : OperatorOptions;

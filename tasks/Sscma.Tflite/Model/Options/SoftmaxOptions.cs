namespace Sscma.Tflite;

/// <summary>Options of a softmax.</summary>
/// <param name="Beta">Factor of the logits.</param>
public sealed record SoftmaxOptions(float Beta = 1) : OperatorOptions;

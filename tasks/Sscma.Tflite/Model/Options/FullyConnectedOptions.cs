namespace Sscma.Tflite;

/// <summary>Options of a matrix product.</summary>
/// <param name="Activation">Applied to the result.</param>
/// <param name="WeightsFormat">0: rows of weights are outputs.</param>
/// <param name="KeepDimensions">The output keeps the leading axes of the input.</param>
public sealed record FullyConnectedOptions(
    Activation Activation = Activation.None,
    sbyte WeightsFormat = 0,
    bool KeepDimensions = false) : OperatorOptions;

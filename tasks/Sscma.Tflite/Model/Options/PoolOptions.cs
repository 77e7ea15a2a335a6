namespace Sscma.Tflite;

/// <summary>A pooling window.</summary>
/// <param name="Padding">Border.</param>
/// <param name="StrideWidth">Columns between windows.</param>
/// <param name="StrideHeight">Rows between windows.</param>
/// <param name="FilterWidth">Columns of the window.</param>
/// <param name="FilterHeight">Rows of the window.</param>
/// <param name="Activation">Applied to the result.</param>
public sealed record PoolOptions(
    Padding Padding,
    int StrideWidth,
    int StrideHeight,
    int FilterWidth,
    int FilterHeight,
    Activation Activation = Activation.None) : OperatorOptions;

namespace Sscma.Tflite;

/// <summary>A convolution's window.</summary>
/// <param name="Padding">Border.</param>
/// <param name="StrideWidth">Columns between windows.</param>
/// <param name="StrideHeight">Rows between windows.</param>
/// <param name="Activation">Applied to the result.</param>
/// <param name="DilationWidth">Columns between taps.</param>
/// <param name="DilationHeight">Rows between taps.</param>
public sealed record ConvOptions(
    Padding Padding,
    int StrideWidth,
    int StrideHeight,
    Activation Activation = Activation.None,
    int DilationWidth = 1,
    int DilationHeight = 1) : OperatorOptions;

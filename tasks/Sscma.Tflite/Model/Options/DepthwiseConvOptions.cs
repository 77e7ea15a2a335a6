namespace Sscma.Tflite;

/// <summary>A depthwise convolution's window.</summary>
/// <param name="Padding">Border.</param>
/// <param name="StrideWidth">Columns between windows.</param>
/// <param name="StrideHeight">Rows between windows.</param>
/// <param name="DepthMultiplier">Output channels per input channel.</param>
/// <param name="Activation">Applied to the result.</param>
/// <param name="DilationWidth">Columns between taps.</param>
/// <param name="DilationHeight">Rows between taps.</param>
public sealed record DepthwiseConvOptions(
    Padding Padding,
    int StrideWidth,
    int StrideHeight,
    int DepthMultiplier = 1,
    Activation Activation = Activation.None,
    int DilationWidth = 1,
    int DilationHeight = 1) : OperatorOptions;

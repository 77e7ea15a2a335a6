namespace Sscma.Tflite;

/// <summary>Masks of a strided slice: bit i concerns axis i.</summary>
/// <param name="BeginMask">Begin at the first index.</param>
/// <param name="EndMask">End after the last index.</param>
/// <param name="EllipsisMask">Not supported unless 0.</param>
/// <param name="NewAxisMask">Not supported unless 0.</param>
/// <param name="ShrinkAxisMask">Take the index begin and drop the axis.</param>
public sealed record StridedSliceOptions(
    int BeginMask = 0,
    int EndMask = 0,
    int EllipsisMask = 0,
    int NewAxisMask = 0,
    int ShrinkAxisMask = 0) : OperatorOptions;

namespace Sscma.Tflite;

/// <summary>Options of a bilinear resize.</summary>
/// <param name="AlignCorners">Corner pixels meet corner pixels.</param>
/// <param name="HalfPixelCenters">Pixels are areas, not points.</param>
public sealed record ResizeBilinearOptions(bool AlignCorners = false, bool HalfPixelCenters = false) : OperatorOptions;

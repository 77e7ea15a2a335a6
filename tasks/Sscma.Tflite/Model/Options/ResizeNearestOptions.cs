namespace Sscma.Tflite;

/// <summary>Options of a nearest-neighbour resize.</summary>
/// <param name="AlignCorners">Corner pixels meet corner pixels.</param>
/// <param name="HalfPixelCenters">Pixels are areas, not points.</param>
public sealed record ResizeNearestOptions(bool AlignCorners = false, bool HalfPixelCenters = false) : OperatorOptions;

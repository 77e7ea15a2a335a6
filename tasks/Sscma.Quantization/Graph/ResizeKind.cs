namespace Sscma.Quantization.Graph;

/// <summary>How a resize finds the source of a pixel, in TFLite's words.</summary>
/// <param name="Bilinear">Mixes four pixels; else the nearest is taken.</param>
/// <param name="AlignCorners">The corner pixels' centres fall together.</param>
/// <param name="HalfPixelCenters">Pixels are squares, whose centres lie at halves.</param>
internal readonly record struct ResizeKind(bool Bilinear, bool AlignCorners, bool HalfPixelCenters);

namespace Sscma.Tflite.Detection;

/// <summary>A box as the device reports it: centre and size in fractions of the camera frame, not clipped.</summary>
/// <param name="CenterX">0 at the left edge, 1 at the right.</param>
/// <param name="CenterY">0 at the top, 1 at the bottom.</param>
/// <param name="Width">Part of the frame's width.</param>
/// <param name="Height">Part of the frame's height.</param>
/// <param name="Score">Probability.</param>
/// <param name="ClassIndex">Index of the score channel.</param>
public readonly record struct FirmwareBox(float CenterX, float CenterY, float Width, float Height, float Score, int ClassIndex);

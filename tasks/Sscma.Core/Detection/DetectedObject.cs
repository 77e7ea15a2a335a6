namespace Sscma.Detection;

/// <summary>One detected object.</summary>
/// <param name="Box">Where, in pixels of the image that was asked about.</param>
/// <param name="Score">Probability, 0 to 1.</param>
/// <param name="ClassIndex">Index into the model's labels.</param>
public readonly record struct DetectedObject(Box Box, float Score, int ClassIndex);

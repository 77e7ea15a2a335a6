namespace Sscma.Coco.Evaluation;

/// <summary>A detection to be judged. Its id is its position in the input, counted from 1.</summary>
/// <param name="ImageId">Id of its image.</param>
/// <param name="CategoryId">Id of its category.</param>
/// <param name="X">Left, in pixels.</param>
/// <param name="Y">Top.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
/// <param name="Score">How sure the detector is; only the order matters.</param>
public sealed record CocoDetection(long ImageId, long CategoryId, double X, double Y, double Width, double Height, double Score);

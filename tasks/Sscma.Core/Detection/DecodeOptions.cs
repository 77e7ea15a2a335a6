namespace Sscma.Detection;

/// <summary>How raw outputs become detections. The defaults are those of the reference's COCO evaluation.</summary>
public sealed record DecodeOptions
{
    /// <summary>A (cell, class) pair is a candidate when its probability is greater than this.</summary>
    public float ScoreThreshold { get; init; } = 0.001f;

    /// <summary>Of two boxes of one class with a greater overlap only the better one stays.</summary>
    public float IouThreshold { get; init; } = 0.65f;

    /// <summary>The best candidates that enter the suppression.</summary>
    public int MaxCandidates { get; init; } = 30000;

    /// <summary>The best detections that are kept for an image.</summary>
    public int MaxDetections { get; init; } = 300;

    /// <summary>Where a cell's point lies: 0 is the top-left corner, 0.5 the centre (the SSCMA-Micro firmware).</summary>
    public float PointOffset { get; init; }

    /// <summary>Network-input pixels per pixel of the original image, horizontally.</summary>
    public float ScaleX { get; init; } = 1;

    /// <summary>Network-input pixels per pixel of the original image, vertically.</summary>
    public float ScaleY { get; init; } = 1;

    /// <summary>Size of the original image, to which boxes are clipped; 0 means do not clip.</summary>
    public int OriginalWidth { get; init; }

    /// <summary>See <see cref="OriginalWidth"/>.</summary>
    public int OriginalHeight { get; init; }
}

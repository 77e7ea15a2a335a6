namespace Sscma.Training.Configuration;

/// <summary>How raw outputs become detections in validation.</summary>
public sealed record TestConfig
{
    /// <summary>A (cell, class) pair is a candidate when its probability is greater.</summary>
    [Bounds(0, 1)]
    public double ScoreThreshold { get; init; } = 0.001;

    /// <summary>Of two boxes of one class with a greater overlap only the better one stays.</summary>
    [Bounds(0, 1)]
    public double IouThreshold { get; init; } = 0.65;

    /// <summary>The best candidates that enter the suppression.</summary>
    [Bounds(1, 1000000)]
    public int MaxCandidates { get; init; } = 30000;

    /// <summary>The best detections that are kept for an image.</summary>
    [Bounds(1, 100000)]
    public int MaxDetections { get; init; } = 300;
}

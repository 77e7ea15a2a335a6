namespace Sscma.Training.Configuration;

/// <summary>MixUp: half of this image, half of another one.</summary>
public sealed record MixupConfig
{
    /// <summary>How often, 0 to 1.</summary>
    [Bounds(0, 1)]
    public double Probability { get; init; } = 1;

    /// <summary>Images that are kept to draw the other one from.</summary>
    [Bounds(4, 10000)]
    public int CacheSize { get; init; } = 20;

    /// <summary>A full cache loses a random image (never the newest) instead of the oldest.</summary>
    public bool RandomPop { get; init; } = true;

    /// <summary>Smallest size of the other image, relative.</summary>
    [Bounds(0.01, 10)]
    public double MinRatio { get; init; } = 0.5;

    /// <summary>Largest size of the other image, relative.</summary>
    [Bounds(0.01, 10)]
    public double MaxRatio { get; init; } = 1.5;
}

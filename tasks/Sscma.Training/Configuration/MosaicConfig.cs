namespace Sscma.Training.Configuration;

/// <summary>Mosaic: four images around a random centre.</summary>
public sealed record MosaicConfig
{
    /// <summary>How often, 0 to 1.</summary>
    [Bounds(0, 1)]
    public double Probability { get; init; } = 1;

    /// <summary>Images that are kept to draw the other three from.</summary>
    [Bounds(4, 10000)]
    public int CacheSize { get; init; } = 40;

    /// <summary>A full cache loses a random image (never the newest) instead of the oldest.</summary>
    public bool RandomPop { get; init; } = true;
}

namespace Sscma.Training.Configuration;

/// <summary>Horizontal mirror image.</summary>
public sealed record FlipConfig
{
    /// <summary>How often, 0 to 1.</summary>
    [Bounds(0, 1)]
    public double Probability { get; init; } = 0.5;
}

namespace Sscma.Training.Configuration;

/// <summary>Random resize: the target is twice the image size times a uniform ratio.</summary>
public sealed record ResizeConfig
{
    /// <summary>Smallest ratio.</summary>
    [Bounds(0.01, 10)]
    public double MinRatio { get; init; } = 0.5;

    /// <summary>Largest ratio.</summary>
    [Bounds(0.01, 10)]
    public double MaxRatio { get; init; } = 1.5;
}

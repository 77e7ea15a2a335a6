namespace Sscma.Training.Configuration;

/// <summary>All images of a batch get one random size, a multiple of 32: one step learns from small images, the next from large ones.</summary>
public sealed record BatchResizeConfig
{
    /// <summary>Whether it is done.</summary>
    public bool Enabled { get; init; }

    /// <summary>Smallest side, relative to the image size.</summary>
    [Bounds(0.01, 10)]
    public double MinRatio { get; init; } = 0.35;

    /// <summary>Largest side, relative to the image size.</summary>
    [Bounds(0.01, 10)]
    public double MaxRatio { get; init; } = 1.6;
}

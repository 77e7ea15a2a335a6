namespace Sscma.Training.Configuration;

/// <summary>Random colour: each channel of HSV is multiplied by 1 + U(−1, 1)·gain.</summary>
public sealed record HsvConfig
{
    /// <summary>Gain of the hue.</summary>
    [Bounds(0, 1)]
    public double Hue { get; init; } = 0.015;

    /// <summary>Gain of the saturation.</summary>
    [Bounds(0, 1)]
    public double Saturation { get; init; } = 0.7;

    /// <summary>Gain of the value (brightness).</summary>
    [Bounds(0, 1)]
    public double Value { get; init; } = 0.4;
}

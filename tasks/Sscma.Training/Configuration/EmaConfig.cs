namespace Sscma.Training.Configuration;

/// <summary>Exponential moving average of weights and norm statistics.</summary>
public sealed record EmaConfig
{
    /// <summary>Validate and save the averaged weights.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The share of the new weights in the long run.</summary>
    [Bounds(0, 1)]
    public double Momentum { get; init; } = 0.0002;

    /// <summary>How many steps the average takes to slow down to <see cref="Momentum"/>.</summary>
    [Bounds(1, 10000000)]
    public double Gamma { get; init; } = 2000;
}

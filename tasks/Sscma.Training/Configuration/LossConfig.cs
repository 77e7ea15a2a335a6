namespace Sscma.Training.Configuration;

/// <summary>Weights of the losses.</summary>
public sealed record LossConfig
{
    /// <summary>Weight of the quality focal loss.</summary>
    [Bounds(0, 1000)]
    public double ClsWeight { get; init; } = 1;

    /// <summary>Weight of the generalised-IoU loss.</summary>
    [Bounds(0, 1000)]
    public double BboxWeight { get; init; } = 2;

    /// <summary>Focusing exponent of the quality focal loss.</summary>
    [Bounds(0, 10)]
    public double Beta { get; init; } = 2;
}

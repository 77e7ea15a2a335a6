namespace Sscma.Training.Configuration;

/// <summary>AdamW and its learning rate.</summary>
public sealed record OptimConfig
{
    /// <summary>Learning rate after the warm-up.</summary>
    [Bounds(0, 10)]
    public double Lr { get; init; } = 0.00065;

    /// <summary>Decoupled weight decay of convolution weights; norms and biases have none.</summary>
    [Bounds(0, 10)]
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>Decay of the mean of gradients.</summary>
    [Bounds(0, 0.999999)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of squared gradients.</summary>
    [Bounds(0, 0.999999)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the mean of squares.</summary>
    [Bounds(0, 1)]
    public double Eps { get; init; } = 1e-8;

    /// <summary>Iterations of the linear warm-up.</summary>
    [Bounds(0, 1000000)]
    public int WarmupIterations { get; init; } = 1000;

    /// <summary>The warm-up's first factor.</summary>
    [Bounds(0, 1)]
    public double WarmupFactor { get; init; } = 1e-5;

    /// <summary>
    /// The warm-up takes at most this part of all iterations (1 lets it be as long as it says). A small dataset has fewer
    /// iterations than the warm-up of a COCO schedule and would never reach its learning rate.
    /// </summary>
    [Bounds(0, 1)]
    public double WarmupCap { get; init; } = 1;

    /// <summary>The part of the epochs in which the learning rate stays flat before the cosine begins.</summary>
    [Bounds(0, 1)]
    public double FlatRatio { get; init; } = 0.5;

    /// <summary>The learning rate in the end, relative to <see cref="Lr"/>.</summary>
    [Bounds(0, 1)]
    public double MinLrRatio { get; init; } = 0.05;

    /// <summary>Scale the learning rate by batch size / <see cref="BaseBatchSize"/>.</summary>
    public bool AutoScaleLr { get; init; }

    /// <summary>The batch size that <see cref="Lr"/> was chosen for.</summary>
    [Bounds(1, 65536)]
    public int BaseBatchSize { get; init; } = 16;
}

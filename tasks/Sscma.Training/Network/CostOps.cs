namespace Sscma.Training.Network;

/// <summary>Shape of one value while costs are counted.</summary>
public readonly record struct Extent(long Channels, long Height, long Width);

/// <summary>Counts what one image costs instead of computing it.</summary>
public sealed class CostOps : IOps<Extent>
{
    /// <summary>Multiply-accumulates of all convolutions so far.</summary>
    public long MultiplyAccumulates { get; private set; }

    /// <summary>Number of convolutions so far.</summary>
    public int Convolutions { get; private set; }

    /// <summary>Counts a network for an image.</summary>
    public static CostOps Of(RtmDetNetwork network, int width, int height)
    {
        var costs = new CostOps();
        network.Forward(costs, new Extent(3, height, width));
        return costs;
    }

    /// <inheritdoc/>
    public Extent Conv(Extent x, ConvUnit unit)
    {
        if (x.Channels != unit.In)
            throw new InvalidOperationException($"{unit.Name} takes {unit.In} channels and is given {x.Channels}");
        var y = new Extent(unit.Out, (x.Height + unit.Stride - 1) / unit.Stride, (x.Width + unit.Stride - 1) / unit.Stride);
        MultiplyAccumulates += y.Channels * y.Height * y.Width * unit.FanIn;
        Convolutions++;
        return y;
    }

    /// <inheritdoc/>
    public Extent Standardize(Extent x, float[] means, float[] deviations) => x;

    /// <inheritdoc/>
    public Extent Add(Extent a, Extent b) => a == b ? a : throw new InvalidOperationException($"{a} cannot be added to {b}");

    /// <inheritdoc/>
    public Extent Scale(Extent x, Extent weights) => x;

    /// <inheritdoc/>
    public Extent Concat(params IReadOnlyList<Extent> parts) => parts[0] with { Channels = parts.Sum(part => part.Channels) };

    /// <inheritdoc/>
    public Extent MaxPool(Extent x, int kernel) => x;

    /// <inheritdoc/>
    public Extent Upsample(Extent x) => new(x.Channels, 2 * x.Height, 2 * x.Width);

    /// <inheritdoc/>
    public Extent GlobalAveragePool(Extent x) => new(x.Channels, 1, 1);

    /// <inheritdoc/>
    public Extent HardSigmoid(Extent x) => x;
}

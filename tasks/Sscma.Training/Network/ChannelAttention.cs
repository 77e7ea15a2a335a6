namespace Sscma.Training.Network;

/// <summary>Weighs each channel by a number in 0..1 that follows from the channels' means.</summary>
internal sealed class ChannelAttention(string name, int channels) : IBlock
{
    private readonly ConvUnit _fc = new($"{name}.fc", channels, channels, 1) { HasNorm = false };

    /// <inheritdoc/>
    public IEnumerable<ConvUnit> Units => [_fc];

    /// <inheritdoc/>
    public T Forward<T>(IOps<T> ops, T x)
    {
        var weights = ops.HardSigmoid(ops.Conv(ops.GlobalAveragePool(x), _fc)); // (N, C, 1, 1)
        return ops.Scale(x, weights);
    }
}

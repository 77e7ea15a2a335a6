namespace Sscma.Training.Network;

/// <summary>Spatial pyramid pooling: the maxima of growing windows beside the value itself.</summary>
internal sealed class SppBottleneck(string name, int channels, bool splitPooling, Activation activation) : IBlock
{
    private static readonly int[] Windows = [5, 9, 13];

    private readonly ConvUnit _reduce = new($"{name}.conv1", channels, channels / 2, 1) { Activation = activation };
    private readonly ConvUnit _merge = new($"{name}.conv2", channels / 2 * 4, channels, 1) { Activation = activation };

    /// <inheritdoc/>
    public IEnumerable<ConvUnit> Units => [_reduce, _merge];

    /// <inheritdoc/>
    public T Forward<T>(IOps<T> ops, T x)
    {
        var y = ops.Conv(x, _reduce); // (N, C/2, H, W)
        return ops.Conv(ops.Concat([y, .. Windows.Select(window => Pool(ops, y, window))]), _merge);
    }

    // A window of k is a run of (k − 1)/2 windows of 3: the same maximum, in an operation that small devices have.
    private T Pool<T>(IOps<T> ops, T x, int window)
    {
        if (!splitPooling)
            return ops.MaxPool(x, window);
        for (var i = 0; i < (window - 1) / 2; i++)
            x = ops.MaxPool(x, 3);
        return x;
    }
}

namespace Sscma.Training.Network;

/// <summary>3×3 convolution, 5×5 depthwise, 1×1; the input is added afterwards, without a further activation.</summary>
internal sealed class CspNextBlock(string name, int channels, bool addsInput, Activation activation) : IBlock
{
    private readonly ConvUnit _spatial = new($"{name}.conv1", channels, channels, 3) { Activation = activation };
    private readonly ConvUnit _depthwise = new($"{name}.conv2.depthwise_conv", channels, channels, 5) { Groups = channels, Activation = activation };
    private readonly ConvUnit _pointwise = new($"{name}.conv2.pointwise_conv", channels, channels, 1) { Activation = activation };

    /// <inheritdoc/>
    public IEnumerable<ConvUnit> Units => [_spatial, _depthwise, _pointwise];

    /// <inheritdoc/>
    public T Forward<T>(IOps<T> ops, T x)
    {
        var y = ops.Conv(ops.Conv(ops.Conv(x, _spatial), _depthwise), _pointwise); // (N, C, H, W)
        return addsInput ? ops.Add(y, x) : y;
    }
}

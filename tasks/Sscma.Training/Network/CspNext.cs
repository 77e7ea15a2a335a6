using Sscma.Training.Configuration;

namespace Sscma.Training.Network;

/// <summary>CSPNeXt (P5): a stem and four stages, each of half the size of the one before.</summary>
internal sealed class CspNext : IBackbone
{
    private readonly ConvUnit[] _stem;
    private readonly ConvUnit[] _downsample;
    private readonly SppBottleneck _pyramid;
    private readonly CspLayer[] _layers;

    /// <summary>The backbone of a configuration.</summary>
    public CspNext(ModelConfig config)
    {
        var widths = new Widths(config);
        int[] channels = [64, 128, 256, 512, 1024];
        int[] blocks = [3, 6, 6, 3];
        var c = channels.Select(widths.Channels).ToArray();
        var activation = widths.Activation;
        Channels = c[2..];
        _stem =
        [
            new ConvUnit("backbone.stem.0", 3, widths.HalfStem, 3) { Stride = 2, Activation = activation },
            new ConvUnit("backbone.stem.1", widths.HalfStem, widths.HalfStem, 3) { Activation = activation },
            new ConvUnit("backbone.stem.2", widths.HalfStem, c[0], 3) { Activation = activation },
        ];
        _downsample = [.. Enumerable.Range(1, 4).Select(k => new ConvUnit($"backbone.stage{k}.0", c[k - 1], c[k], 3) { Stride = 2, Activation = activation })];
        _pyramid = new SppBottleneck("backbone.stage4.1", c[4], config.SplitPooling, activation);
        _layers = [.. Enumerable.Range(1, 4).Select(k => new CspLayer(
            $"backbone.stage{k}.{(k == 4 ? 2 : 1)}", c[k], c[k], widths.BackboneBlocks(blocks[k - 1]), addsInput: k < 4, config.ChannelAttention, activation))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Channels { get; }

    /// <inheritdoc/>
    public IEnumerable<ConvUnit> Units
    {
        get
        {
            foreach (var unit in _stem)
                yield return unit;
            for (var k = 0; k < _layers.Length; k++)
            {
                yield return _downsample[k];
                foreach (var unit in k == 3 ? _pyramid.Units.Concat(_layers[k].Units) : _layers[k].Units)
                    yield return unit;
            }
        }
    }

    /// <inheritdoc/>
    public T[] Forward<T>(IOps<T> ops, T images)
    {
        var x = images;
        foreach (var unit in _stem)
            x = ops.Conv(x, unit); // (N, 64w, H/2, W/2)
        var features = new List<T>();
        for (var k = 0; k < _layers.Length; k++)
        {
            x = ops.Conv(x, _downsample[k]); // (N, c, H/4, W/4), then /8, /16, /32
            if (k == 3)
                x = _pyramid.Forward(ops, x);
            x = _layers[k].Forward(ops, x);
            if (k > 0)
                features.Add(x);
        }

        return [.. features];
    }
}

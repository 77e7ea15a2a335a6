using Sscma.Training.Configuration;

namespace Sscma.Training.Network;

/// <summary>CSPNeXt-PAFPN: context flows from coarse levels to fine ones, then detail flows back.</summary>
public sealed class Neck
{
    private readonly ConvUnit _reduce5;
    private readonly CspLayer _topDown4;
    private readonly ConvUnit _reduce4;
    private readonly CspLayer _topDown3;
    private readonly ConvUnit[] _downsample;
    private readonly CspLayer _bottomUp4;
    private readonly CspLayer _bottomUp5;
    private readonly ConvUnit[] _out;

    internal Neck(ModelConfig config, IReadOnlyList<int> channels)
    {
        var widths = new Widths(config);
        var (c3, c4, c5, activation) = (channels[0], channels[1], channels[2], widths.Activation);
        var blocks = widths.NeckBlocks(config.NeckBlocks);
        _reduce5 = new ConvUnit("neck.reduce_layers.2", c5, c4, 1) { Activation = activation };
        _topDown4 = new CspLayer("neck.top_down_layers.0.0", 2 * c4, c4, blocks, addsInput: false, attention: false, activation);
        _reduce4 = new ConvUnit("neck.top_down_layers.0.1", c4, c3, 1) { Activation = activation };
        _topDown3 = new CspLayer("neck.top_down_layers.1", 2 * c3, c3, blocks, addsInput: false, attention: false, activation);
        _downsample =
        [
            new ConvUnit("neck.downsample_layers.0", c3, c3, 3) { Stride = 2, Activation = activation },
            new ConvUnit("neck.downsample_layers.1", c4, c4, 3) { Stride = 2, Activation = activation },
        ];
        _bottomUp4 = new CspLayer("neck.bottom_up_layers.0", 2 * c3, c4, blocks, addsInput: false, attention: false, activation);
        _bottomUp5 = new CspLayer("neck.bottom_up_layers.1", 2 * c4, c5, blocks, addsInput: false, attention: false, activation);
        _out = [.. new[] { c3, c4, c5 }.Select((c, level) => new ConvUnit($"neck.out_layers.{level}", c, widths.Channels(256), 3) { Activation = activation })];
    }

    /// <summary>Its convolutions, in the order of the reference's state dict.</summary>
    public IEnumerable<ConvUnit> Units =>
    [
        _reduce5, .. _topDown4.Units, _reduce4, .. _topDown3.Units,
        .. _downsample, .. _bottomUp4.Units, .. _bottomUp5.Units, .. _out,
    ];

    /// <summary>Features of strides 8, 16, 32 → three maps of the same sizes with 256·widen channels each.</summary>
    public T[] Forward<T>(IOps<T> ops, T[] features)
    {
        var top5 = ops.Conv(features[2], _reduce5); // (N, c4, H/32, W/32)
        var middle = _topDown4.Forward(ops, ops.Concat(ops.Upsample(top5), features[1])); // (N, c4, H/16, W/16)
        var top4 = ops.Conv(middle, _reduce4); // (N, c3, H/16, W/16)
        var p3 = _topDown3.Forward(ops, ops.Concat(ops.Upsample(top4), features[0])); // (N, c3, H/8, W/8)
        var p4 = _bottomUp4.Forward(ops, ops.Concat(ops.Conv(p3, _downsample[0]), top4)); // (N, c4, H/16, W/16)
        var p5 = _bottomUp5.Forward(ops, ops.Concat(ops.Conv(p4, _downsample[1]), top5)); // (N, c5, H/32, W/32)
        return [ops.Conv(p3, _out[0]), ops.Conv(p4, _out[1]), ops.Conv(p5, _out[2])];
    }
}

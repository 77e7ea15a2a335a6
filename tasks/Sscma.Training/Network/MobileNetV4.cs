namespace Sscma.Training.Network;

/// <summary>
/// MobileNetV4-conv-small without its classifier, under the names of timm's <c>mobilenetv4_conv_small</c>.
/// Source: Qin et al., MobileNetV4: Universal Models for the Mobile Ecosystem, arXiv 2404.10518, table of MNv4-Conv-S.
/// </summary>
internal sealed class MobileNetV4 : IBackbone
{
    private const int StemChannels = 32;

    // The features of strides 8, 16 and 32 are what these stages end with. Stage 3 has stride 32 as well; the neck takes the wider stage 4.
    private static readonly int[] Outputs = [1, 2, 4];

    private readonly ConvUnit _stem = Initialized(new ConvUnit("backbone.conv_stem", 3, StemChannels, 3)
    {
        Stride = 2,
        ConvName = "backbone.conv_stem",
        NormPrefix = "backbone.bn1",
    });

    private readonly IBlock[][] _stages;

    /// <summary>The backbone; it has no settings.</summary>
    public MobileNetV4()
    {
        _stages =
        [
            [Convolution("0.0", 32, 32, 3, stride: 2), Convolution("0.1", 32, 32, 1)],
            [Convolution("1.0", 32, 96, 3, stride: 2), Convolution("1.1", 96, 64, 1)],
            [
                new InvertedBottleneck("backbone.blocks.2.0", 64, 96) { Before = 5, Within = 5, Stride = 2, Expansion = 3 },
                .. Enumerable.Range(1, 4).Select(i => new InvertedBottleneck($"backbone.blocks.2.{i}", 96, 96) { Within = 3, Expansion = 2 }),
                new InvertedBottleneck("backbone.blocks.2.5", 96, 96) { Before = 3, Expansion = 4 },
            ],
            [
                new InvertedBottleneck("backbone.blocks.3.0", 96, 128) { Before = 3, Within = 3, Stride = 2, Expansion = 6 },
                new InvertedBottleneck("backbone.blocks.3.1", 128, 128) { Before = 5, Within = 5, Expansion = 4 },
                new InvertedBottleneck("backbone.blocks.3.2", 128, 128) { Within = 5, Expansion = 4 },
                new InvertedBottleneck("backbone.blocks.3.3", 128, 128) { Within = 5, Expansion = 3 },
                new InvertedBottleneck("backbone.blocks.3.4", 128, 128) { Within = 3, Expansion = 4 },
                new InvertedBottleneck("backbone.blocks.3.5", 128, 128) { Within = 3, Expansion = 4 },
            ],
            [Convolution("4.0", 128, 960, 1)],
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Channels { get; } = [64, 96, 960];

    /// <inheritdoc/>
    public IEnumerable<ConvUnit> Units => [_stem, .. _stages.SelectMany(stage => stage.SelectMany(block => block.Units))];

    /// <summary>A convolution with timm's first weights: normal with variance 2 / fan-out.</summary>
    public static ConvUnit Initialized(ConvUnit unit) =>
        unit with { InitialDeviation = Math.Sqrt(2.0 / (unit.Kernel * unit.Kernel * unit.Out / unit.Groups)) };

    /// <inheritdoc/>
    public T[] Forward<T>(IOps<T> ops, T images)
    {
        var x = ops.Conv(images, _stem); // (N, 32, H/2, W/2)
        var features = new List<T>();
        for (var stage = 0; stage < _stages.Length; stage++)
        {
            foreach (var block in _stages[stage])
                x = block.Forward(ops, x); // (N, 32, H/4, W/4), (N, 64, H/8, W/8), (N, 96, H/16, W/16), (N, 128, H/32, W/32), (N, 960, H/32, W/32)
            if (Outputs.Contains(stage))
                features.Add(x);
        }

        return [.. features];
    }

    private static SingleConvolution Convolution(string place, int input, int output, int kernel, int stride = 1) =>
        new(Initialized(new ConvUnit($"backbone.blocks.{place}", input, output, kernel) { Stride = stride, NormPrefix = $"backbone.blocks.{place}.bn1" }));

    private sealed class SingleConvolution(ConvUnit unit) : IBlock
    {
        public IEnumerable<ConvUnit> Units => [unit];

        public T Forward<T>(IOps<T> ops, T x) => ops.Conv(x, unit);
    }
}

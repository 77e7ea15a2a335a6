namespace Sscma.Training.Configuration;

/// <summary>Shape of the network: what the seven reference configurations differ in.</summary>
public sealed record ModelConfig
{
    /// <summary>What turns an image into features.</summary>
    [OneOf("cspnext", "mobilenetv4_conv_small")]
    public string Backbone { get; init; } = "cspnext";

    /// <summary>What follows each norm of CSPNeXt, neck and head (MobileNetV4 has its own).</summary>
    [OneOf("relu", "silu")]
    public string Activation { get; init; } = "relu";

    /// <summary>What the network begins with: pixels from 0 to 1 as they are, or standardised by ImageNet's means and deviations.</summary>
    [OneOf("unit", "imagenet")]
    public string Input { get; init; } = "unit";

    /// <summary>Scales the number of blocks: backbone max(round(n·deepen), 1), neck round(n·deepen).</summary>
    [Bounds(0.01, 4)]
    public double Deepen { get; init; } = 0.33;

    /// <summary>Scales every channel count: int(base·widen).</summary>
    [Bounds(0.03125, 4)]
    public double Widen { get; init; } = 0.25;

    /// <summary>Channel attention in the backbone's CSP layers.</summary>
    public bool ChannelAttention { get; init; }

    /// <summary>Write 5, 9 and 13 wide max pools as runs of 3 wide ones: the same values, kinder to small devices.</summary>
    public bool SplitPooling { get; init; }

    /// <summary>Blocks per CSP layer of the neck before <see cref="Deepen"/> scales them; the result may be 0.</summary>
    [Bounds(0, 12)]
    public int NeckBlocks { get; init; } = 1;

    /// <summary>The three levels of the head share their convolutions (not their norms).</summary>
    public bool ShareHeadConvs { get; init; }

    /// <summary>Where a cell's point lies in its cell: 0 the top-left corner, 0.5 the centre.</summary>
    [Bounds(0, 1)]
    public double PointOffset { get; init; }

    /// <summary>Number of classes C. A build takes it from the annotations.</summary>
    [Bounds(1, 10000)]
    public int NumClasses { get; init; } = 80;
}

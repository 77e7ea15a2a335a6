namespace Sscma.Training.Configuration;

/// <summary>What is done to training images, and in which order.</summary>
public sealed record AugmentationConfig
{
    /// <summary>Operations of the main stage, first to last.</summary>
    [OneOf("hsv", "mosaic", "resize", "crop", "flip", "pad", "mixup")]
    public Sequence<string> Order { get; init; } = ["hsv", "mosaic", "resize", "crop", "flip", "pad"];

    /// <summary>Operations of stage 2, first to last.</summary>
    [OneOf("hsv", "mosaic", "resize", "crop", "flip", "pad", "mixup")]
    public Sequence<string> Stage2Order { get; init; } = ["hsv", "resize", "crop", "flip", "pad"];

    /// <summary>Four images on one canvas.</summary>
    public MosaicConfig Mosaic { get; init; } = new();

    /// <summary>Random size.</summary>
    public ResizeConfig Resize { get; init; } = new();

    /// <summary>Random colour.</summary>
    public HsvConfig Hsv { get; init; } = new();

    /// <summary>Random mirror image.</summary>
    public FlipConfig Flip { get; init; } = new();

    /// <summary>Two images blended.</summary>
    public MixupConfig Mixup { get; init; } = new();

    /// <summary>One random size for all images of a batch.</summary>
    public BatchResizeConfig BatchResize { get; init; } = new();

    /// <summary>The grey that fills what no image covers.</summary>
    [Bounds(0, 255)]
    public int PadValue { get; init; } = 114;
}

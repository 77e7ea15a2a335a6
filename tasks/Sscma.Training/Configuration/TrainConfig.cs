using Sscma.Imaging;

namespace Sscma.Training.Configuration;

/// <summary>Epochs, batches and image size.</summary>
public sealed record TrainConfig
{
    /// <summary>Width and height of the network's input in pixels; a multiple of 32.</summary>
    [Bounds(32, 2048, MultipleOf = 32)]
    public int ImageSize { get; init; } = 320;

    /// <summary>How a whole picture comes to the square input: its shape kept, on grey; or stretched, as the firmware does it.</summary>
    [OneOf("keep_ratio", "stretch")]
    public string Resize { get; init; } = "keep_ratio";

    /// <summary>Where the lengths come from: <c>original</c>, as they stand; <c>auto</c>, from the number of training images, for what the user does not say.</summary>
    [OneOf("original", "auto")]
    public string Schedule { get; init; } = "original";

    /// <summary>Epochs in all.</summary>
    [Bounds(1, 100000)]
    public int MaxEpochs { get; init; } = 300;

    /// <summary>The last epochs, trained without mosaic and mixup (<c>augmentation.stage2_order</c>).</summary>
    [Bounds(0, 100000)]
    public int Stage2Epochs { get; init; } = 50;

    /// <summary>Images per optimiser step.</summary>
    [Bounds(1, 4096)]
    public int BatchSize { get; init; } = 16;

    /// <summary>Validate every so many epochs; in stage 2 every epoch is validated.</summary>
    [Bounds(1, 100000)]
    public int ValInterval { get; init; } = 1;

    /// <summary>Images with a smaller side, in pixels, are left out of training.</summary>
    [Bounds(1, 100000)]
    public int MinImageSide { get; init; } = 32;

    /// <summary>Minutes after which the training ends, with a last validation; 0 for no limit.</summary>
    [Bounds(0, 1000000)]
    public double MaxMinutes { get; init; }

    /// <summary>Epochs without a better validation after which the training ends; 0 for never.</summary>
    [Bounds(0, 100000)]
    public int Patience { get; init; }

    /// <summary>The validation mAP at which the training ends; 0 for none.</summary>
    [Bounds(0, 1)]
    public double TargetMap { get; init; }

    /// <summary>The one number from which initial weights, order and augmentation are drawn.</summary>
    [Bounds(0, int.MaxValue)]
    public int Seed { get; init; }

    /// <summary>Threads of the arithmetic: each takes its part (8 images or more) of every batch, and norms see that part. Results depend on it.</summary>
    [Bounds(1, 256)]
    public int Threads { get; init; } = 2;

    /// <summary>Mixed precision: convolutions in float16 where the device has it (CUDA); elsewhere without effect.</summary>
    public bool Amp { get; init; }

    /// <summary>On the processor, convolutions and what flows between them in bfloat16: faster where it has instructions for it (AVX512-BF16, AMX), slower elsewhere.</summary>
    public bool Bfloat16 { get; init; }

    /// <summary><see cref="Resize"/> as a value.</summary>
    [NotAKey]
    public ResizeMode ResizeMode => Resize == "stretch" ? ResizeMode.Stretch : ResizeMode.KeepRatio;

    /// <summary>The first epoch of stage 2, counted from 0.</summary>
    [NotAKey]
    public int Stage2Start => Math.Max(MaxEpochs - Stage2Epochs, 0);
}

using System.Globalization;

namespace Sscma.Training.Configuration;

/// <summary>
/// A schedule for datasets that are far smaller than COCO, under <c>train.schedule: auto</c>. The original's 300 epochs mean a million steps on COCO; on 200 pictures they are
/// a few thousand, of which its warm-up, its average and its mosaics take too large a part. Here the lengths follow from the number of iterations.
/// </summary>
internal static class AutoSchedule
{
    /// <summary>Training images above which the original is right.</summary>
    private const int ManyImages = 20_000;

    /// <summary>Images that the network should see in all: some fifteen minutes on two cores for nano at 192 pixels.</summary>
    private const double Presentations = 60_000;

    private const int FewestEpochs = 30;
    private const int MostEpochs = 300;
    private const int Batch = 16;
    private const int Validations = 20;

    /// <summary>What it says instead of a shipped file.</summary>
    /// <param name="images">Training images.</param>
    /// <param name="epochs">Epochs that the user has chosen; null for a number that suits.</param>
    /// <param name="batch">Images per step that the user has chosen; null for a number that suits.</param>
    public static IReadOnlyList<ConfigOverride> Of(int images, int? epochs, int? batch)
    {
        if (images > ManyImages)
            return [];
        var all = epochs ?? (int)Math.Clamp(Math.Round(Presentations / images), FewestEpochs, MostEpochs);
        var size = batch ?? Batch;
        var iterations = all * Math.Ceiling(images / (double)size);
        return
        [
            Say("train.max_epochs", all),
            Say("train.batch_size", size),
            Say("train.stage2_epochs", Math.Max(1, all / 10)),
            Say("train.val_interval", Math.Max(1, all / Validations)),
            // Small batches of few pictures bear a rate that a schedule of a million steps does not need.
            Say("optim.lr", 0.004 * Math.Sqrt(size / (double)Batch)),
            Say("optim.auto_scale_lr", "false"),
            Say("optim.warmup_iterations", Math.Max(10, Math.Round(iterations / 20))),
            Say("optim.warmup_cap", 1),
            // The average spans some hundredth of all steps, as the original's does at the length that it was made for.
            Say("ema.momentum", Math.Clamp(Math.Round(10 / iterations, 6), 0.0002, 0.01)),
            Say("ema.gamma", Math.Clamp(Math.Round(iterations / 20), 20, 2000)),
            // Pictures nearly whole: a mosaic shows each at half its size, which few steps cannot make up for.
            Say("augmentation.order", "[resize, crop, hsv, flip, pad]"),
            Say("augmentation.stage2_order", "[resize, crop, hsv, flip, pad]"),
            Say("augmentation.resize.min_ratio", 0.42),
            Say("augmentation.resize.max_ratio", 0.62),
            Say("augmentation.hsv.saturation", 0.4),
            Say("augmentation.hsv.value", 0.3),
        ];
    }

    private static ConfigOverride Say(string key, double value) => Say(key, value.ToString(CultureInfo.InvariantCulture));

    private static ConfigOverride Say(string key, string value) => new(key, value, "train.schedule auto");
}

using Sscma.Training.Configuration;

namespace Sscma.Training.Augmentation;

/// <summary>From configuration to steps.</summary>
public static class AugmentationSteps
{
    /// <summary>The steps of a stage, first to last. The input is square, <paramref name="size"/> pixels a side.</summary>
    public static IReadOnlyList<IAugmentation> Of(AugmentationConfig config, bool stage2, int size)
    {
        var fill = (byte)config.PadValue;
        return [.. (stage2 ? config.Stage2Order : config.Order).Select(name => Step(name, config, size, fill))];
    }

    private static IAugmentation Step(string name, AugmentationConfig config, int size, byte fill) => name switch
    {
        "hsv" => new HsvAugment(config.Hsv.Hue, config.Hsv.Saturation, config.Hsv.Value),
        "mosaic" => new Mosaic(size, size, new SampleCacheOptions(config.Mosaic.CacheSize, config.Mosaic.RandomPop), config.Mosaic.Probability, fill),
        "resize" => new RandomResize(size, size, config.Resize.MinRatio, config.Resize.MaxRatio),
        "crop" => new RandomCrop(size, size),
        "flip" => new HorizontalFlip(config.Flip.Probability),
        "pad" => new Pad(size, size, fill),
        "mixup" => new MixUp(
            size,
            size,
            new SampleCacheOptions(config.Mixup.CacheSize, config.Mixup.RandomPop),
            config.Mixup.MinRatio,
            config.Mixup.MaxRatio,
            probability: config.Mixup.Probability,
            fill: fill),
        _ => throw new ArgumentException($"'{name}' is no augmentation", nameof(name)),
    };
}

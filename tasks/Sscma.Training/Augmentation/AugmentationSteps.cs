using Sscma.Imaging;
using Sscma.Training.Configuration;

namespace Sscma.Training.Augmentation;

/// <summary>From configuration to steps.</summary>
public static class AugmentationSteps
{
    /// <summary>The steps of a stage, first to last.</summary>
    public static IReadOnlyList<IAugmentation> Of(DetectorConfig detector, bool stage2)
    {
        var (config, size, mode) = (detector.Augmentation, detector.Train.ImageSize, detector.Train.ResizeMode);
        var fill = (byte)config.PadValue;
        return [.. (stage2 ? config.Stage2Order : config.Order).Select(name => Step(name, config, size, fill, mode))];
    }

    private static IAugmentation Step(string name, AugmentationConfig config, int size, byte fill, ResizeMode mode) => name switch
    {
        "hsv" => new HsvAugment(config.Hsv.Hue, config.Hsv.Saturation, config.Hsv.Value),
        "mosaic" => new Mosaic(size, size, new SampleCacheOptions(config.Mosaic.CacheSize, config.Mosaic.RandomPop), config.Mosaic.Probability, fill, mode),
        "resize" => new RandomResize(size, size, config.Resize.MinRatio, config.Resize.MaxRatio, mode),
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
            fill: fill,
            mode: mode),
        _ => throw new ArgumentException($"'{name}' is no augmentation", nameof(name)),
    };
}

using Sscma.Imaging;
using Sscma.Training.Augmentation.Pictures;

namespace Sscma.Training.Augmentation;

/// <summary>
/// Lays half of another recent sample over this one. The other is fitted to the input size on grey (or stretched to it), resized by a random
/// factor, perhaps mirrored, and cut to this sample's size at a uniform place. Objects of both stay; of the other's, those that
/// lie outside are dropped (the reference keeps them as boxes without area, which can match nothing).
/// </summary>
/// <param name="width">Width of the network input in pixels.</param>
/// <param name="height">Height of the network input in pixels.</param>
/// <param name="cache">From which samples the other one is drawn.</param>
/// <param name="low">Smallest factor of the stretch.</param>
/// <param name="high">Largest factor of the stretch.</param>
/// <param name="flipProbability">How often the other is mirrored.</param>
/// <param name="probability">How often samples are mixed at all.</param>
/// <param name="fill">Grey level of what the other does not cover.</param>
/// <param name="mode">How a whole picture comes to the input.</param>
public sealed class MixUp(
    int width, int height, SampleCacheOptions cache, double low = 0.5, double high = 1.5, double flipProbability = 0.5, double probability = 1, byte fill = 114,
    ResizeMode mode = ResizeMode.KeepRatio)
    : IAugmentation
{
    /// <inheritdoc/>
    public SampleCacheOptions? Cache { get; } = cache;

    /// <inheritdoc/>
    public Sample Apply(Sample sample, RandomSource random, ISampleHistory history)
    {
        if (history.Count <= Mosaic.TooFew || !random.Chance(probability))
            return sample;
        var other = history[random.Below(history.Count)];
        if (other.Objects.Count == 0)
            return sample;

        var laid = Lay(other, sample.Picture, random);
        return sample with { Picture = new BlendedPicture(sample.Picture, laid.Picture), Objects = [.. sample.Objects, .. laid.Objects] };
    }

    private Sample Lay(Sample other, Picture size, RandomSource random)
    {
        var stretch = random.Uniform(low, high);
        var fitted = other.Fitted(width, height, mode);
        var canvas = fitted with { Picture = new CanvasPicture(width, height, fill, (fitted.Picture, 0, 0)) };
        var laid = canvas.Resized(Math.Max(1, (int)(width * stretch)), Math.Max(1, (int)(height * stretch)), mode);
        if (random.Chance(flipProbability))
            laid = HorizontalFlip.Mirror(laid);

        var x = random.Below(Math.Max(laid.Picture.Width - size.Width, 0) + 1);
        var y = random.Below(Math.Max(laid.Picture.Height - size.Height, 0) + 1);
        var objects = laid.Objects.Select(item => item.Shift(-x, -y).Clip(size.Width, size.Height)).Where(item => item.HasArea);
        return new Sample(new CanvasPicture(size.Width, size.Height, fill, (laid.Picture, -x, -y)), [.. objects]);
    }
}

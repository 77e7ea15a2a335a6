using Sscma.Training.Augmentation.Pictures;

namespace Sscma.Training.Augmentation;

/// <summary>
/// Cuts out a window of the input size (smaller along an axis on which the picture is smaller) at a uniform place.
/// Objects are cut with it; those of which nothing is left are dropped.
/// </summary>
/// <param name="width">Width of the network input in pixels.</param>
/// <param name="height">Height of the network input in pixels.</param>
public sealed class RandomCrop(int width, int height) : IAugmentation
{
    /// <inheritdoc/>
    public Sample Apply(Sample sample, RandomSource random, ISampleHistory history)
    {
        var picture = sample.Picture;
        var x = random.Below(Math.Max(picture.Width - width, 0) + 1);
        var y = random.Below(Math.Max(picture.Height - height, 0) + 1);
        var crop = new Window(x, y, width, height).Intersect(picture.Bounds);
        if (crop == picture.Bounds)
            return sample;

        var objects = sample.Objects.Select(item => item.Shift(-x, -y).Clip(crop.Width, crop.Height)).Where(item => item.HasArea);
        return sample with { Picture = new CroppedPicture(picture, crop), Objects = [.. objects] };
    }
}

using Sscma.Imaging;

namespace Sscma.Training.Augmentation;

/// <summary>
/// Resizes a sample by a random factor: with its aspect ratio kept it then fits twice the input size times that factor; stretched it has that size, whatever
/// its shape was.
/// </summary>
/// <param name="width">Width of the network input in pixels.</param>
/// <param name="height">Height of the network input in pixels.</param>
/// <param name="low">Smallest factor.</param>
/// <param name="high">Largest factor.</param>
/// <param name="mode">How a whole picture comes to the input.</param>
public sealed class RandomResize(int width, int height, double low, double high, ResizeMode mode = ResizeMode.KeepRatio) : IAugmentation
{
    /// <inheritdoc/>
    public Sample Apply(Sample sample, RandomSource random, ISampleHistory history)
    {
        var ratio = random.Uniform(low, high);
        var (targetWidth, targetHeight) = ((int)(2 * width * ratio), (int)(2 * height * ratio));
        if (mode == ResizeMode.Stretch)
            return sample.Resized(Math.Max(targetWidth, 1), Math.Max(targetHeight, 1), mode);

        // The long side of the target is for the long side of the picture, whichever axis that is.
        var picture = sample.Picture;
        var scale = Math.Min(
            (double)Math.Max(targetWidth, targetHeight) / Math.Max(picture.Width, picture.Height),
            (double)Math.Min(targetWidth, targetHeight) / Math.Min(picture.Width, picture.Height));
        return sample.Resized(Sample.Scaled(picture.Width, scale), Sample.Scaled(picture.Height, scale), mode);
    }
}

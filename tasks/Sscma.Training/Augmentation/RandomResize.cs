namespace Sscma.Training.Augmentation;

/// <summary>Stretches a sample by a random factor with its aspect ratio kept: it then fits twice the input size times that factor.</summary>
/// <param name="width">Width of the network input in pixels.</param>
/// <param name="height">Height of the network input in pixels.</param>
/// <param name="low">Smallest factor.</param>
/// <param name="high">Largest factor.</param>
public sealed class RandomResize(int width, int height, double low, double high) : IAugmentation
{
    /// <inheritdoc/>
    public Sample Apply(Sample sample, RandomSource random, ISampleHistory history)
    {
        var ratio = random.Uniform(low, high);
        var (targetWidth, targetHeight) = ((int)(2 * width * ratio), (int)(2 * height * ratio));

        // The long side of the target is for the long side of the picture, whichever axis that is.
        var picture = sample.Picture;
        var scale = Math.Min(
            (double)Math.Max(targetWidth, targetHeight) / Math.Max(picture.Width, picture.Height),
            (double)Math.Min(targetWidth, targetHeight) / Math.Min(picture.Width, picture.Height));
        return sample.Resized(Sample.Scaled(picture.Width, scale), Sample.Scaled(picture.Height, scale));
    }
}

using Sscma.Training.Augmentation.Pictures;

namespace Sscma.Training.Augmentation;

/// <summary>Fills right and bottom with grey up to the input size.</summary>
/// <param name="width">Width of the network input in pixels.</param>
/// <param name="height">Height of the network input in pixels.</param>
/// <param name="fill">The grey level.</param>
public sealed class Pad(int width, int height, byte fill = 114) : IAugmentation
{
    /// <inheritdoc/>
    public Sample Apply(Sample sample, RandomSource random, ISampleHistory history)
    {
        var (paddedWidth, paddedHeight) = (Math.Max(width, sample.Picture.Width), Math.Max(height, sample.Picture.Height));
        return paddedWidth == sample.Picture.Width && paddedHeight == sample.Picture.Height
            ? sample
            : sample with { Picture = new CanvasPicture(paddedWidth, paddedHeight, fill, (sample.Picture, 0, 0)) };
    }
}

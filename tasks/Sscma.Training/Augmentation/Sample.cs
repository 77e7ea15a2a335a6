using Sscma.Training.Augmentation.Pictures;

namespace Sscma.Training.Augmentation;

/// <summary>One training sample: a picture and the objects in it.</summary>
/// <param name="Picture">What is seen; rendered as late as possible.</param>
/// <param name="Objects">What is to be found, in pixels of the picture.</param>
public sealed record Sample(Picture Picture, IReadOnlyList<LabeledBox> Objects)
{
    /// <summary>The same sample with its pixels computed, for one that will be looked at more than once.</summary>
    public Sample Rendered() => this with { Picture = new ImagePicture(Picture.Render()) };

    /// <summary>The sample stretched to a size, its objects with it.</summary>
    public Sample Resized(int width, int height)
    {
        if (width == Picture.Width && height == Picture.Height)
            return this;
        var (x, y) = ((float)width / Picture.Width, (float)height / Picture.Height);
        return new Sample(new ResizedPicture(Picture, width, height), [.. Objects.Select(item => item.Scale(x, y).Clip(width, height))]);
    }

    /// <summary>The sample as large as it fits into a size with its aspect ratio kept.</summary>
    public Sample Fitted(int width, int height)
    {
        var scale = Math.Min((double)width / Picture.Width, (double)height / Picture.Height);
        return Resized(Scaled(Picture.Width, scale), Scaled(Picture.Height, scale));
    }

    /// <summary>A length after scaling: to the nearest pixel, never 0.</summary>
    internal static int Scaled(int length, double scale) => Math.Max(1, (int)((length * scale) + 0.5));
}

using Sscma.Imaging;
using Sscma.Training.Augmentation.Pictures;

namespace Sscma.Training.Augmentation;

/// <summary>One training sample: a picture and the objects in it.</summary>
/// <param name="Picture">What is seen; rendered as late as possible.</param>
/// <param name="Objects">What is to be found, in pixels of the picture.</param>
public sealed record Sample(Picture Picture, IReadOnlyList<LabeledBox> Objects)
{
    /// <summary>
    /// Whether its pixels were picked by nearest neighbour. The device picks once, out of the whole picture; what is resized again is interpolated, for picking
    /// moves edges by up to a pixel each time.
    /// </summary>
    public bool IsPicked { get; init; }

    /// <summary>The same sample with its pixels computed, for one that will be looked at more than once.</summary>
    public Sample Rendered() => this with { Picture = new ImagePicture(Picture.Render()) };

    /// <summary>The sample stretched to a size, its objects with it.</summary>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="mode">For an input that is stretched, the pixels of a whole picture are picked as the device picks them; else they are interpolated.</param>
    public Sample Resized(int width, int height, ResizeMode mode)
    {
        if (width == Picture.Width && height == Picture.Height)
            return this;
        var (x, y) = ((float)width / Picture.Width, (float)height / Picture.Height);
        var pick = mode == ResizeMode.Stretch && !IsPicked;
        return this with
        {
            Picture = pick ? new SampledPicture(Picture, width, height) : new ResizedPicture(Picture, width, height),
            Objects = [.. Objects.Select(item => item.Scale(x, y).Clip(width, height))],
            IsPicked = IsPicked || pick,
        };
    }

    /// <summary>The sample as large as it fits into a size with its aspect ratio kept, or stretched to the size.</summary>
    public Sample Fitted(int width, int height, ResizeMode mode)
    {
        if (mode == ResizeMode.Stretch)
            return Resized(width, height, mode);
        var scale = Math.Min((double)width / Picture.Width, (double)height / Picture.Height);
        return Resized(Scaled(Picture.Width, scale), Scaled(Picture.Height, scale), mode);
    }

    /// <summary>A length after scaling: to the nearest pixel, never 0.</summary>
    internal static int Scaled(int length, double scale) => Math.Max(1, (int)((length * scale) + 0.5));
}

using Sscma.Coco;

namespace Sscma.Training.Augmentation.Pictures;

/// <summary>
/// An RGB picture whose pixels are computed when asked for, and only those asked for. Augmentations wrap pictures into
/// pictures; a crop of a resized mosaic then paints what the crop shows and nothing else (about a tenth of the canvas).
/// Every picture gives the bytes that computing it as a whole would give. Pictures are immutable, hence safe to share between threads.
/// </summary>
public abstract class Picture(int width, int height)
{
    /// <summary>Pixels per row.</summary>
    public int Width { get; } = width;

    /// <summary>Rows.</summary>
    public int Height { get; } = height;

    /// <summary>All of it.</summary>
    public Window Bounds => new(0, 0, Width, Height);

    /// <summary>Computes the pixels of a part.</summary>
    /// <param name="window">The part, inside <see cref="Bounds"/>.</param>
    /// <param name="target">(window height, window width, 3), 0 to 255, written completely.</param>
    public abstract void Render(Window window, Span<byte> target);

    /// <summary>Computes all pixels.</summary>
    public RgbImage Render()
    {
        var image = new RgbImage(Width, Height);
        Render(Bounds, image.Pixels);
        return image;
    }
}

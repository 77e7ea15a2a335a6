using Sscma.Coco;

namespace Sscma.Training.Loading;

/// <summary>
/// Decoded images, kept as long as they fit. Every epoch wants every image once, in a new order: of a cache that always made room for
/// the newest, a dataset twice its size would hardly ever find anything. So what came first stays, and the rest is decoded again each time.
/// </summary>
/// <param name="load">Decodes an image by its index.</param>
/// <param name="count">Number of images.</param>
/// <param name="maxBytes">Bytes of pixels to keep.</param>
public sealed class PixelCache(Func<int, RgbImage> load, int count, long maxBytes)
{
    private readonly RgbImage?[] _images = new RgbImage?[count];
    private long _bytes;

    /// <summary>Bytes of pixels that are kept.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>An image; the same object as before where it was kept. Callers do not write into it. Thread-safe.</summary>
    public RgbImage Get(int index)
    {
        if (Volatile.Read(ref _images[index]) is { } kept)
            return kept;

        var image = load(index);
        if (Interlocked.Add(ref _bytes, image.Pixels.Length) <= maxBytes
            && Interlocked.CompareExchange(ref _images[index], image, null) is null)
            return image;
        Interlocked.Add(ref _bytes, -image.Pixels.Length);
        return image;
    }
}

namespace Sscma.Coco;

/// <summary>An image in memory: 8 bits a channel, RGB, interleaved, rows from the top.</summary>
public sealed class RgbImage
{
    /// <summary>Makes an image over existing pixels.</summary>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="pixels">(H, W, 3), 0 to 255.</param>
    /// <exception cref="ArgumentException">The array does not hold height x width x 3 bytes.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        if (width <= 0 || height <= 0 || pixels.Length != (long)width * height * 3)
            throw new ArgumentException($"{pixels.Length} bytes are no {width}x{height} RGB image", nameof(pixels));
        (Width, Height, Pixels) = (width, height, pixels);
    }

    /// <summary>Makes an image of one grey level.</summary>
    public RgbImage(int width, int height, byte fill = 0)
        : this(width, height, new byte[checked(width * height * 3)])
    {
        if (fill != 0)
            Pixels.AsSpan().Fill(fill);
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>(H, W, 3), 0 to 255.</summary>
    public byte[] Pixels { get; }

    /// <summary>One row, (W, 3).</summary>
    public Span<byte> Row(int y) => Pixels.AsSpan(y * Width * 3, Width * 3);
}

using SkiaSharp;

namespace Sscma.Coco;

/// <summary>Turns a picture as stored into the picture as seen (the eight EXIF orientations).</summary>
internal static class Orientation
{
    /// <summary>Size of the upright picture.</summary>
    public static (int Width, int Height) SizeOf(int storedWidth, int storedHeight, SKEncodedOrigin origin) =>
        origin >= SKEncodedOrigin.LeftTop ? (storedHeight, storedWidth) : (storedWidth, storedHeight);

    /// <summary>From (H, W, 4) RGBA as stored to upright RGB; alpha is dropped.</summary>
    public static RgbImage Upright(ReadOnlySpan<byte> rgba, int width, int height, SKEncodedOrigin origin)
    {
        var (uprightWidth, uprightHeight) = SizeOf(width, height, origin);
        var pixels = GC.AllocateUninitializedArray<byte>(uprightWidth * uprightHeight * 3);
        var (start, stepX, stepY) = Walk(width, height, uprightWidth, origin);
        for (var y = 0; y < height; y++)
        {
            var row = rgba.Slice(y * width * 4, width * 4);
            var target = (start + (y * stepY)) * 3;
            for (var x = 0; x < row.Length; x += 4)
            {
                pixels[target] = row[x];
                pixels[target + 1] = row[x + 1];
                pixels[target + 2] = row[x + 2];
                target += stepX * 3;
            }
        }

        return new RgbImage(uprightWidth, uprightHeight, pixels);
    }

    /// <summary>Where the first stored pixel goes, and how far the next one of a row and of a column lies, in pixels.</summary>
    private static (int Start, int StepX, int StepY) Walk(int width, int height, int stride, SKEncodedOrigin origin) => origin switch
    {
        SKEncodedOrigin.TopRight => (width - 1, -1, stride),
        SKEncodedOrigin.BottomRight => ((stride * height) - 1, -1, -stride),
        SKEncodedOrigin.BottomLeft => (stride * (height - 1), 1, -stride),
        SKEncodedOrigin.LeftTop => (0, stride, 1),
        SKEncodedOrigin.RightTop => (height - 1, stride, -1),
        SKEncodedOrigin.RightBottom => ((stride * width) - 1, -stride, -1),
        SKEncodedOrigin.LeftBottom => (stride * (width - 1), -stride, 1),
        _ => (0, 1, stride),
    };
}

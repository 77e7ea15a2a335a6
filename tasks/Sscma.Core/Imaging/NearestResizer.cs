namespace Sscma.Imaging;

/// <summary>
/// Nearest-neighbour resize of RGB pixels as the SSCMA-Micro firmware does it: steps in 16.16 fixed point, from corner to corner, without an
/// offset of half a pixel; so the source of target pixel <c>i</c> is <c>(i * ((size &lt;&lt; 16) / targetSize)) &gt;&gt; 16</c>.
/// Source: Seeed-Studio SSCMA-Micro, commit 60e2ede (March 2026).
/// </summary>
public static class NearestResizer
{
    private const int Channels = 3;

    /// <summary>Stretches an image to a size.</summary>
    /// <param name="source">(height, width, 3).</param>
    /// <param name="width">Pixels per row of the source.</param>
    /// <param name="height">Rows of the source.</param>
    /// <param name="target">Receives (targetHeight, targetWidth, 3).</param>
    /// <param name="targetWidth">Pixels per row of the result.</param>
    /// <param name="targetHeight">Rows of the result.</param>
    public static void Resize(ReadOnlySpan<byte> source, int width, int height, Span<byte> target, int targetWidth, int targetHeight)
    {
        var rowBytes = targetWidth * Channels;
        if (width == targetWidth && height == targetHeight)
        {
            source[..(rowBytes * height)].CopyTo(target);
            return;
        }

        var (columns, rows) = (Sources(width, targetWidth), Sources(height, targetHeight));
        for (var y = 0; y < targetHeight; y++)
        {
            var result = target.Slice(y * rowBytes, rowBytes);
            if (y > 0 && rows[y] == rows[y - 1])
            {
                target.Slice((y - 1) * rowBytes, rowBytes).CopyTo(result);
                continue;
            }

            var row = source.Slice(rows[y] * width * Channels, width * Channels);
            for (var x = 0; x < targetWidth; x++)
                row.Slice(columns[x] * Channels, Channels).CopyTo(result[(x * Channels)..]);
        }
    }

    /// <summary>The source of every target position on one axis.</summary>
    public static int[] Sources(int size, int targetSize)
    {
        var step = ((long)size << 16) / targetSize;
        var sources = new int[targetSize];
        for (var i = 0; i < targetSize; i++)
            sources[i] = (int)((i * step) >> 16);
        return sources;
    }
}

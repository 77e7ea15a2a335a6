using System.Buffers;
using Sscma.Imaging;

namespace Sscma.Training.Augmentation.Pictures;

/// <summary>
/// Another picture stretched to a size by nearest neighbour, as the SSCMA-Micro firmware does it: every window has the bytes that
/// <see cref="NearestResizer"/> gives there.
/// </summary>
public sealed class SampledPicture(Picture source, int width, int height) : Picture(width, height)
{
    private readonly int[] _columns = NearestResizer.Sources(source.Width, width);
    private readonly int[] _rows = NearestResizer.Sources(source.Height, height);

    /// <inheritdoc/>
    public override void Render(Window window, Span<byte> target)
    {
        var columns = _columns.AsSpan(window.X, window.Width);
        var rows = _rows.AsSpan(window.Y, window.Height);
        var part = new Window(columns[0], rows[0], columns[^1] + 1 - columns[0], rows[^1] + 1 - rows[0]);

        var buffer = ArrayPool<byte>.Shared.Rent(part.Bytes);
        var pixels = buffer.AsSpan(0, part.Bytes);
        source.Render(part, pixels);
        foreach (var row in rows)
        {
            var line = pixels.Slice((row - part.Y) * part.Width * 3, part.Width * 3);
            foreach (var column in columns)
            {
                line.Slice((column - part.X) * 3, 3).CopyTo(target);
                target = target[3..];
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }
}

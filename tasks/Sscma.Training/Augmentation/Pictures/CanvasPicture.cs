using System.Buffers;

namespace Sscma.Training.Augmentation.Pictures;

/// <summary>Pictures laid on a grey canvas. Parts outside the canvas are cut; a later picture covers an earlier one.</summary>
/// <param name="width">Pixels per row of the canvas.</param>
/// <param name="height">Rows of the canvas.</param>
/// <param name="fill">Grey level of what no picture covers, 0 to 255.</param>
/// <param name="tiles">Each picture and the place of its top-left corner, which may lie outside.</param>
public sealed class CanvasPicture(int width, int height, byte fill, params IReadOnlyList<(Picture Picture, int X, int Y)> tiles) : Picture(width, height)
{
    /// <inheritdoc/>
    public override void Render(Window window, Span<byte> target)
    {
        target.Fill(fill);
        foreach (var (picture, x, y) in tiles)
        {
            var visible = picture.Bounds.Shift(x, y).Intersect(window);
            if (!visible.IsEmpty)
                Paint(picture, visible.Shift(-x, -y), visible.Shift(-window.X, -window.Y), window.Width, target);
        }
    }

    private static void Paint(Picture picture, Window part, Window place, int targetWidth, Span<byte> target)
    {
        if (place.Width == targetWidth)
        {
            picture.Render(part, target.Slice(place.Y * targetWidth * 3, part.Bytes));
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(part.Bytes);
        var pixels = buffer.AsSpan(0, part.Bytes);
        picture.Render(part, pixels);
        var rowBytes = part.Width * 3;
        for (var y = 0; y < part.Height; y++)
            pixels.Slice(y * rowBytes, rowBytes).CopyTo(target[((((place.Y + y) * targetWidth) + place.X) * 3)..]);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}

using System.Buffers;

namespace Sscma.Training.Augmentation.Pictures;

/// <summary>Half of one picture and half of another of the same size, rounded half up.</summary>
public sealed class BlendedPicture(Picture first, Picture second) : Picture(first.Width, first.Height)
{
    /// <inheritdoc/>
    public override void Render(Window window, Span<byte> target)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(window.Bytes);
        var other = buffer.AsSpan(0, window.Bytes);
        first.Render(window, target);
        second.Render(window, other);
        for (var i = 0; i < window.Bytes; i++)
            target[i] = (byte)((target[i] + other[i] + 1) >> 1);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}

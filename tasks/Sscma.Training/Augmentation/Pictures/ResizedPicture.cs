using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sscma.Training.Augmentation.Pictures;

/// <summary>
/// Another picture stretched to a size. Every window has the bytes that <see cref="Coco.ImageResizer.Bilinear"/> gives there
/// (OpenCV's INTER_LINEAR on 8 bits), but only the source pixels under the window are asked for.
/// </summary>
public sealed class ResizedPicture(Picture source, int width, int height) : Picture(width, height)
{
    private const int One = 1 << 11;

    /// <inheritdoc/>
    public override void Render(Window window, Span<byte> target)
    {
        var (left, columns) = Taps(source.Width, Width, window.X, window.Width);
        var (top, rows) = Taps(source.Height, Height, window.Y, window.Height);
        var part = new Window(left, top, columns[^1].Second + 1, rows[^1].Second + 1);

        var pixels = ArrayPool<byte>.Shared.Rent(part.Bytes);
        source.Render(part, pixels.AsSpan(0, part.Bytes));
        Stretch(pixels.AsSpan(0, part.Bytes), part.Width * 3, columns, rows, target);
        ArrayPool<byte>.Shared.Return(pixels);
    }

    private static void Stretch(ReadOnlySpan<byte> pixels, int rowBytes, Tap[] columns, Tap[] rows, Span<byte> target)
    {
        var length = columns.Length * 3;
        var buffer = ArrayPool<short>.Shared.Rent(2 * length);
        var upper = buffer.AsSpan(0, length);
        var lower = buffer.AsSpan(length, length);
        int upperRow = -1, lowerRow = -1;
        for (var y = 0; y < rows.Length; y++)
        {
            var (first, second, weight) = rows[y];
            if (upperRow != first && lowerRow == first)
            {
                // Walking down, the lower row of one step is often the upper row of the next.
                var freed = upper;
                upper = lower;
                lower = freed;
                (upperRow, lowerRow) = (lowerRow, upperRow);
            }

            if (upperRow != first)
                StretchRow(pixels.Slice((upperRow = first) * rowBytes, rowBytes), columns, upper);
            if (lowerRow != second)
                StretchRow(pixels.Slice((lowerRow = second) * rowBytes, rowBytes), columns, lower);
            BlendRows(upper, lower, (short)weight, target.Slice(y * length, length));
        }

        ArrayPool<short>.Shared.Return(buffer);
    }

    /// <summary>
    /// For the target positions <paramref name="start"/> and on, their two sources, counted from the first source that is used, and the
    /// weight of the second in 1/2048.
    /// </summary>
    private static (int Origin, Tap[] Taps) Taps(int source, int target, int start, int count)
    {
        var taps = new Tap[count];
        var scale = 1.0 / ((double)target / source);
        var origin = 0;
        for (var i = 0; i < count; i++)
        {
            var position = (float)(((start + i + 0.5) * scale) - 0.5);
            var first = (int)MathF.Floor(position);
            var weight = (int)MathF.Round((position - first) * One, MidpointRounding.ToEven);
            if (first < 0)
                (first, weight) = (0, 0);
            else if (first >= source - 1)
                (first, weight) = (source - 1, 0);
            if (i == 0)
                origin = first;
            var second = Math.Min(first + 1, source - 1);
            taps[i] = new Tap(first - origin, second - origin, weight);
        }

        return (origin, taps);
    }

    /// <summary>One row of bytes to 1/128 steps: a sum is at most 255 * 2048, without its lowest 4 bits it fits 15.</summary>
    private static void StretchRow(ReadOnlySpan<byte> row, Tap[] columns, Span<short> target)
    {
        ref var from = ref MemoryMarshal.GetReference(row);
        ref var to = ref MemoryMarshal.GetReference(target);
        foreach (var (first, second, weight) in columns)
        {
            var rest = One - weight;
            ref var a = ref Unsafe.Add(ref from, first * 3);
            ref var b = ref Unsafe.Add(ref from, second * 3);
            to = (short)(((a * rest) + (b * weight)) >> 4);
            Unsafe.Add(ref to, 1) = (short)(((Unsafe.Add(ref a, 1) * rest) + (Unsafe.Add(ref b, 1) * weight)) >> 4);
            Unsafe.Add(ref to, 2) = (short)(((Unsafe.Add(ref a, 2) * rest) + (Unsafe.Add(ref b, 2) * weight)) >> 4);
            to = ref Unsafe.Add(ref to, 3);
        }
    }

    /// <summary>Two stretched rows to one row of bytes: each product of 15 and 12 bits loses 16, the sum its last 2 with rounding.</summary>
    private static void BlendRows(ReadOnlySpan<short> upper, ReadOnlySpan<short> lower, short weight, Span<byte> target)
    {
        var rest = (short)(One - weight);
        var i = 0;
        if (Sse2.IsSupported)
        {
            var (rests, weights, half) = (Vector128.Create(rest), Vector128.Create(weight), Vector128.Create((short)2));
            for (; i <= target.Length - 16; i += 16)
            {
                var low = Blend(Vector128.Create(upper.Slice(i, 8)), Vector128.Create(lower.Slice(i, 8)));
                var high = Blend(Vector128.Create(upper.Slice(i + 8, 8)), Vector128.Create(lower.Slice(i + 8, 8)));
                Sse2.PackUnsignedSaturate(low, high).CopyTo(target.Slice(i, 16));
            }

            Vector128<short> Blend(Vector128<short> a, Vector128<short> b) =>
                (Sse2.MultiplyHigh(a, rests) + Sse2.MultiplyHigh(b, weights) + half) >> 2;
        }

        for (; i < target.Length; i++)
            target[i] = (byte)((((upper[i] * rest) >> 16) + ((lower[i] * weight) >> 16) + 2) >> 2);
    }

    private readonly record struct Tap(int First, int Second, int Weight);
}

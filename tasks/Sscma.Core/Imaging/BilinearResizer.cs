using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sscma.Imaging;

/// <summary>
/// Bilinear resize of 8-bit pixels in fixed point, as OpenCV's <c>resize</c> with <c>INTER_LINEAR</c> defines it
/// (4.x, plain code path): pixels are areas, weights have 11 bits, the border is repeated, nothing is averaged when shrinking.
/// The same input gives the same bytes on every machine.
/// </summary>
public static class BilinearResizer
{
    private const int WeightBits = 11;
    private const int One = 1 << WeightBits;

    /// <summary>Resizes interleaved rows.</summary>
    /// <param name="source">(height, width, channels).</param>
    /// <param name="width">Pixels per row of the source.</param>
    /// <param name="height">Rows of the source.</param>
    /// <param name="target">Receives (targetHeight, targetWidth, channels); rows begin <paramref name="targetRowBytes"/> apart.</param>
    /// <param name="targetWidth">Pixels per row of the result.</param>
    /// <param name="targetHeight">Rows of the result.</param>
    /// <param name="targetRowBytes">Distance of rows in <paramref name="target"/>; 0 for rows without a gap.</param>
    /// <param name="channels">Bytes per pixel.</param>
    public static void Resize(
        ReadOnlySpan<byte> source, int width, int height, Span<byte> target, int targetWidth, int targetHeight, int targetRowBytes = 0, int channels = 3)
    {
        var rowBytes = targetWidth * channels;
        if (targetRowBytes == 0)
            targetRowBytes = rowBytes;
        if (width == targetWidth && height == targetHeight)
        {
            for (var y = 0; y < height; y++)
                source.Slice(y * rowBytes, rowBytes).CopyTo(target[(y * targetRowBytes)..]);
            return;
        }

        var columns = Taps(width, targetWidth);
        var rows = Taps(height, targetHeight);
        // The two source rows that surround the current target row, widened horizontally, with the source row that each holds.
        var upper = (Values: new int[rowBytes], Row: -1);
        var lower = (Values: new int[rowBytes], Row: -1);
        for (var y = 0; y < targetHeight; y++)
        {
            var row = rows[y];
            if (upper.Row != row.First)
            {
                // Walking down, the lower row of one step is often the upper row of the next.
                (upper, lower) = (lower, upper);
                if (upper.Row != row.First)
                    upper.Row = WidenRow(source, row.First, width, channels, columns, upper.Values);
            }

            if (lower.Row != row.Second)
                lower.Row = WidenRow(source, row.Second, width, channels, columns, lower.Values);
            Mix(upper.Values, lower.Values, row, target.Slice(y * targetRowBytes, rowBytes));
        }
    }

    private static Tap[] Taps(int size, int targetSize)
    {
        var scale = 1 / ((double)targetSize / size);
        var taps = new Tap[targetSize];
        for (var i = 0; i < targetSize; i++)
        {
            var position = (float)(((i + 0.5) * scale) - 0.5);
            var first = (int)MathF.Floor(position);
            var fraction = position - first;
            if (first < 0)
                (first, fraction) = (0, 0);
            if (first >= size - 1)
                (first, fraction) = (size - 1, 0);
            var weight = (int)MathF.Round(fraction * One);
            taps[i] = new Tap(first, Math.Min(first + 1, size - 1), One - weight, weight);
        }

        return taps;
    }

    private static int WidenRow(ReadOnlySpan<byte> source, int y, int width, int channels, Tap[] columns, int[] values)
    {
        var row = source.Slice(y * width * channels, width * channels);
        if (channels == 3)
            WidenRgb(row, columns, values);
        else
            WidenAny(row, channels, columns, values);
        return y;
    }

    // At most 255 * 2^11: 19 bits. Taps lie inside the row by construction, so the bounds are not asked again for every byte.
    private static void WidenRgb(ReadOnlySpan<byte> row, Tap[] columns, int[] values)
    {
        ref var source = ref MemoryMarshal.GetReference(row);
        ref var value = ref MemoryMarshal.GetArrayDataReference(values);
        foreach (var tap in columns)
        {
            ref var first = ref Unsafe.Add(ref source, tap.First * 3);
            ref var second = ref Unsafe.Add(ref source, tap.Second * 3);
            value = (first * tap.FirstWeight) + (second * tap.SecondWeight);
            Unsafe.Add(ref value, 1) = (Unsafe.Add(ref first, 1) * tap.FirstWeight) + (Unsafe.Add(ref second, 1) * tap.SecondWeight);
            Unsafe.Add(ref value, 2) = (Unsafe.Add(ref first, 2) * tap.FirstWeight) + (Unsafe.Add(ref second, 2) * tap.SecondWeight);
            value = ref Unsafe.Add(ref value, 3);
        }
    }

    private static void WidenAny(ReadOnlySpan<byte> row, int channels, Tap[] columns, int[] values)
    {
        var i = 0;
        foreach (var tap in columns)
        {
            var first = row.Slice(tap.First * channels, channels);
            var second = row.Slice(tap.Second * channels, channels);
            for (var c = 0; c < channels; c++)
                values[i++] = (first[c] * tap.FirstWeight) + (second[c] * tap.SecondWeight);
        }
    }

    // (19 - 4) + 12 bits: the products stay below 2^27; the sum of both, rounded by 2 bits, is a pixel: 255.25 at the very most.
    private static void Mix(int[] upper, int[] lower, Tap row, Span<byte> target)
    {
        var i = 0;
        for (; i <= target.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            var step = Vector<int>.Count;
            var low = Vector.Narrow(MixVector(upper, lower, row, i), MixVector(upper, lower, row, i + step));
            var high = Vector.Narrow(MixVector(upper, lower, row, i + (2 * step)), MixVector(upper, lower, row, i + (3 * step)));
            Vector.Narrow(low, high).As<sbyte, byte>().CopyTo(target[i..]);
        }

        for (; i < target.Length; i++)
        {
            var sum = ((row.FirstWeight * (upper[i] >> 4)) >> 16) + ((row.SecondWeight * (lower[i] >> 4)) >> 16);
            target[i] = (byte)((sum + 2) >> 2);
        }
    }

    private static Vector<int> MixVector(int[] upper, int[] lower, Tap row, int i)
    {
        var first = ((new Vector<int>(upper, i) >> 4) * row.FirstWeight) >> 16;
        var second = ((new Vector<int>(lower, i) >> 4) * row.SecondWeight) >> 16;
        return (first + second + new Vector<int>(2)) >> 2;
    }

    private readonly record struct Tap(int First, int Second, int FirstWeight, int SecondWeight);
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sscma.Coco;

/// <summary>
/// Changes the size of a picture. Convention and arithmetic are those of OpenCV 4's INTER_LINEAR on 8-bit images, so that
/// pictures equal the reference's: pixel centres at half coordinates, no antialiasing, weights in 1/2048, rows rounded in two steps.
/// </summary>
public static class ImageResizer
{
    private const int WeightBits = 11;
    private const int One = 1 << WeightBits;

    /// <summary>Bilinear interpolation to (height, width). The same input gives the same bytes on every machine.</summary>
    public static RgbImage Bilinear(RgbImage image, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (width == image.Width && height == image.Height)
            return new RgbImage(width, height, image.Pixels.AsSpan().ToArray());

        var result = new RgbImage(width, height, GC.AllocateUninitializedArray<byte>(checked(width * height * 3)));
        var columns = Taps(image.Width, width);
        var rows = Taps(image.Height, height);
        var upper = new int[width * 3];
        var lower = new int[width * 3];
        int upperRow = -1, lowerRow = -1;
        for (var y = 0; y < height; y++)
        {
            var (first, second, weight) = rows[y];

            // Walking down, the lower row of one step is often the upper row of the next.
            if (upperRow != first && lowerRow == first)
                (upper, lower, upperRow, lowerRow) = (lower, upper, lowerRow, upperRow);
            if (upperRow != first)
                StretchRow(image.Row(upperRow = first), columns, upper);
            if (lowerRow != second)
                StretchRow(image.Row(lowerRow = second), columns, lower);
            BlendRows(upper, lower, weight, result.Row(y));
        }

        return result;
    }

    /// <summary>For each target position its two sources and the weight of the second, in 1/2048.</summary>
    private static (int First, int Second, int Weight)[] Taps(int source, int target)
    {
        var taps = new (int, int, int)[target];
        var scale = 1.0 / ((double)target / source);
        for (var i = 0; i < target; i++)
        {
            var position = (float)(((i + 0.5) * scale) - 0.5);
            var first = (int)MathF.Floor(position);
            var weight = (int)MathF.Round((position - first) * One, MidpointRounding.ToEven);
            taps[i] = first < 0 ? (0, 0, 0)
                : first >= source - 1 ? (source - 1, source - 1, 0)
                : (first, first + 1, weight);
        }

        return taps;
    }

    /// <summary>One row (W, 3) to (W', 3) in 1/2048; a sum is at most 255 * 2048, far below 2^31.</summary>
    private static void StretchRow(ReadOnlySpan<byte> row, (int First, int Second, int Weight)[] columns, Span<int> target)
    {
        ref var source = ref MemoryMarshal.GetReference(row);
        ref var to = ref MemoryMarshal.GetReference(target);
        for (var x = 0; x < columns.Length; x++)
        {
            var (first, second, weight) = columns[x];
            var rest = One - weight;
            ref var a = ref Unsafe.Add(ref source, first * 3);
            ref var b = ref Unsafe.Add(ref source, second * 3);
            to = (a * rest) + (b * weight);
            Unsafe.Add(ref to, 1) = (Unsafe.Add(ref a, 1) * rest) + (Unsafe.Add(ref b, 1) * weight);
            Unsafe.Add(ref to, 2) = (Unsafe.Add(ref a, 2) * rest) + (Unsafe.Add(ref b, 2) * weight);
            to = ref Unsafe.Add(ref to, 3);
        }
    }

    /// <summary>
    /// Two stretched rows to one row of bytes. A stretched value shifted by 4 has 15 bits, times a weight 26: it fits. Each product
    /// loses 16 bits of 18, the sum the last 2 with rounding.
    /// </summary>
    private static void BlendRows(int[] upper, int[] lower, int weight, Span<byte> target)
    {
        var rest = One - weight;
        var i = 0;
        for (; i <= target.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            var a = Vector.ShiftRightArithmetic(Vector.ShiftRightArithmetic(new Vector<int>(upper, i), 4) * rest, 16);
            var b = Vector.ShiftRightArithmetic(Vector.ShiftRightArithmetic(new Vector<int>(lower, i), 4) * weight, 16);
            var sum = Vector.ShiftRightArithmetic(a + b + new Vector<int>(2), 2);
            for (var lane = 0; lane < Vector<int>.Count; lane++)
                target[i + lane] = (byte)sum[lane];
        }

        for (; i < target.Length; i++)
            target[i] = (byte)(((((upper[i] >> 4) * rest) >> 16) + (((lower[i] >> 4) * weight) >> 16) + 2) >> 2);
    }
}

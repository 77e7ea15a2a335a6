using System.Numerics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>What float32 kernels do to neighbouring values, many at a time.</summary>
internal static class FloatSpans
{
    /// <summary>Values cut to a range.</summary>
    public static void Clamp(ReadOnlySpan<float> values, (float Lowest, float Highest) range, Span<float> results)
    {
        var (low, high) = (new Vector<float>(range.Lowest), new Vector<float>(range.Highest));
        var i = 0;
        for (; i <= results.Length - Vector<float>.Count; i += Vector<float>.Count)
            Vector.Min(Vector.Max(new Vector<float>(values[i..]), low), high).CopyTo(results[i..]);
        for (; i < results.Length; i++)
            results[i] = Math.Min(Math.Max(values[i], range.Lowest), range.Highest);
    }

    /// <summary>Values added to sums.</summary>
    public static void Add(ReadOnlySpan<float> values, Span<float> sums)
    {
        var i = 0;
        for (; i <= sums.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(sums[i..]) + new Vector<float>(values[i..])).CopyTo(sums[i..]);
        for (; i < sums.Length; i++)
            sums[i] += values[i];
    }
}

namespace Sscma.Coco.Evaluation;

/// <summary>
/// The mean as numpy 1.24 computes it. Rounding depends on the order of a sum, and the printed third decimal can hang on it.
/// Source: numpy/numpy v1.24.0, pairwise summation in numpy/core/src/umath/loops_utils.h.src.
/// </summary>
internal static class NumpyMean
{
    private const int Buffer = 8192;
    private const int Straight = 128;

    /// <summary>The mean; the values are not empty.</summary>
    public static double Of(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        for (var rest = values; !rest.IsEmpty; rest = rest[Math.Min(Buffer, rest.Length)..])
            sum += Pairwise(rest[..Math.Min(Buffer, rest.Length)]);
        return sum / values.Length;
    }

    private static double Pairwise(ReadOnlySpan<double> values)
    {
        if (values.Length < 8)
        {
            var few = 0.0;
            foreach (var value in values)
                few += value;
            return few;
        }

        if (values.Length > Straight)
        {
            var half = values.Length / 2;
            half -= half % 8;
            return Pairwise(values[..half]) + Pairwise(values[half..]);
        }

        Span<double> lanes = stackalloc double[8];
        values[..8].CopyTo(lanes);
        var i = 8;
        for (; i < values.Length - (values.Length % 8); i += 8)
        {
            for (var lane = 0; lane < 8; lane++)
                lanes[lane] += values[i + lane];
        }

        var sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
        for (; i < values.Length; i++)
            sum += values[i];
        return sum;
    }
}

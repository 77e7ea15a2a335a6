using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Calibration;

/// <summary>Finds the range of an activation in its histogram.</summary>
internal static class RangeSearch
{
    private const int Candidates = 80;
    private const double Tail = 0.5e-4;

    /// <summary>The range that a method takes; never beyond what was seen.</summary>
    /// <param name="method">The method; of learnt ranges those that are absent are all that was seen.</param>
    /// <param name="statistics">What was seen.</param>
    /// <param name="steps">Steps between the lowest and the highest code.</param>
    public static ValueRange Find(RangeMethod method, ValueStatistics statistics, int steps) => method switch
    {
        RangeMethod.MinMax or RangeMethod.Learnt => statistics.Range,
        RangeMethod.Percentile => Percentile(statistics),
        RangeMethod.Mse => Narrowed(statistics, range => SquaredError(statistics, range, steps)),
        RangeMethod.Entropy => Narrowed(statistics, new RelativeEntropy(statistics, steps).Of),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "unknown method"),
    };

    /// <summary>The range within the one that was seen for which something is least; ends at 0 are kept.</summary>
    private static ValueRange Narrowed(ValueStatistics statistics, Func<ValueRange, double> errorOf)
    {
        var seen = statistics.Range.WithZero;
        var best = seen;
        var least = errorOf(seen);
        // Each end in turn, so that a lone peak on one side does not cost precision on the other; the far end first.
        foreach (var top in new[] { true, false, true })
        {
            var fixedEnd = best;
            for (var step = 1; step < Candidates; step++)
            {
                var factor = 1 - ((float)step / Candidates);
                var candidate = top ? fixedEnd with { Max = seen.Max * factor } : fixedEnd with { Min = seen.Min * factor };
                var error = errorOf(candidate);
                if (error < least)
                    (best, least) = (candidate, error);
            }
        }

        return best;
    }

    private static ValueRange Percentile(ValueStatistics statistics)
    {
        var (seen, total) = (statistics.Range, statistics.Histogram.Sum());
        var bin = seen.Width / (double)ValueStatistics.Bins;
        var (low, high) = (0, ValueStatistics.Bins - 1);
        for (var below = 0L; low < high && (below += statistics.Histogram[low]) <= total * Tail;)
            low++;
        for (var above = 0L; high > low && (above += statistics.Histogram[high]) <= total * Tail;)
            high--;
        return new ValueRange((float)(seen.Min + (low * bin)), (float)(seen.Min + ((high + 1) * bin)));
    }

    private static double SquaredError(ValueStatistics statistics, ValueRange range, int steps)
    {
        if (range.Width <= 0)
            return double.PositiveInfinity;
        var step = range.Width / (double)steps;
        var rounding = step * step / 12;
        var (seen, error) = (statistics.Range, 0.0);
        var bin = seen.Width / (double)ValueStatistics.Bins;
        for (var i = 0; i < ValueStatistics.Bins; i++)
        {
            var count = statistics.Histogram[i];
            if (count == 0)
                continue;
            var centre = seen.Min + ((i + 0.5) * bin);
            var outside = Math.Max(0, Math.Max(range.Min - centre, centre - range.Max));
            error += count * (rounding + (outside * outside));
        }

        return error;
    }
}

using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Calibration;

/// <summary>How the range of an activation is taken from its statistics.</summary>
public enum RangeMethod
{
    /// <summary>Lowest to highest value seen: nothing saturates on the calibration images.</summary>
    MinMax,

    /// <summary>The range whose rounding and saturation together err least, in the mean of squares.</summary>
    LeastSquares,
}

/// <summary>Finds the range whose 256 codes represent a histogram with the least mean square error.</summary>
internal static class RangeSearch
{
    private const int Candidates = 80;

    /// <summary>A range within the one that was seen; ends at 0 are kept.</summary>
    public static ValueRange LeastSquares(ValueStatistics statistics)
    {
        var seen = statistics.Range.WithZero;
        var best = seen;
        var least = Error(statistics, seen);
        // Each end in turn, so that a lone peak on one side does not cost precision on the other; the far end first.
        foreach (var top in new[] { true, false, true })
        {
            var fixedEnd = best;
            for (var step = 1; step < Candidates; step++)
            {
                var factor = 1 - ((float)step / Candidates);
                var candidate = top ? fixedEnd with { Max = seen.Max * factor } : fixedEnd with { Min = seen.Min * factor };
                var error = Error(statistics, candidate);
                if (error < least)
                    (best, least) = (candidate, error);
            }
        }

        return best;
    }

    private static double Error(ValueStatistics statistics, ValueRange range)
    {
        if (range.Width <= 0)
            return double.PositiveInfinity;
        var step = range.Width / 255.0;
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

using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Calibration;

/// <summary>
/// How much of a distribution the codes of a range lose: the relative entropy (Kullback-Leibler) of the histogram, with what lies outside
/// piled up at the ends, to the histogram that the codes can tell apart.
/// </summary>
internal static class RelativeEntropy
{
    /// <summary>Instead of no probability at all, which would be infinitely far from any.</summary>
    private const double Least = 1e-9;

    /// <summary>The divergence; infinite for a range with fewer bins than codes, of which nothing can be told.</summary>
    /// <param name="statistics">What was seen.</param>
    /// <param name="range">The range.</param>
    /// <param name="steps">Steps between its lowest and its highest code.</param>
    public static double Of(ValueStatistics statistics, ValueRange range, int steps)
    {
        var (seen, histogram) = (statistics.Range, statistics.Histogram);
        if (seen.Width <= 0)
            return 0;
        var bin = seen.Width / (double)ValueStatistics.Bins;
        var first = Math.Clamp((int)Math.Round((range.Min - seen.Min) / bin), 0, ValueStatistics.Bins - 1);
        var end = Math.Clamp((int)Math.Round((range.Max - seen.Min) / bin), first + 1, ValueStatistics.Bins);
        var whole = end - first == ValueStatistics.Bins;
        if (end - first <= steps)
            return whole ? 0 : double.PositiveInfinity;

        double total = 0, inside = 0;
        for (var i = 0; i < ValueStatistics.Bins; i++)
        {
            total += histogram[i];
            inside += i >= first && i < end ? histogram[i] : 0;
        }

        var outside = total - inside;
        if (inside == 0)
            return double.PositiveInfinity;
        var below = histogram.Take(first).Sum();
        var divergence = 0.0;
        for (var code = 0; code <= steps; code++)
        {
            var from = first + (int)((long)code * (end - first) / (steps + 1));
            var to = first + (int)((long)(code + 1) * (end - first) / (steps + 1));
            double sum = 0, filled = 0;
            for (var i = from; i < to; i++)
            {
                sum += histogram[i];
                filled += histogram[i] > 0 ? 1 : 0;
            }

            for (var i = from; i < to; i++)
            {
                double count = histogram[i];
                // What the codes know of a bin: its share of the code's values, those from outside not among them.
                var known = count > 0 ? sum / filled / inside : 0;
                if (i == first)
                    count += below;
                if (i == end - 1)
                    count += outside - below;
                if (count > 0)
                    divergence += count / total * Math.Log(count / total / Math.Max(known, Least));
            }
        }

        return divergence;
    }
}

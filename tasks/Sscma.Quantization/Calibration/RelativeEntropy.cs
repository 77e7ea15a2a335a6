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

        var zero = ZeroBin(statistics);
        double Count(int i) => i == zero ? Neighbours(histogram, i) : histogram[i];
        double total = 0, inside = 0, below = 0;
        for (var i = 0; i < ValueStatistics.Bins; i++)
        {
            var count = Count(i);
            total += count;
            inside += i >= first && i < end ? count : 0;
            below += i < first ? count : 0;
        }

        if (inside == 0)
            return double.PositiveInfinity;
        var above = total - inside - below;
        var divergence = 0.0;
        var freedom = 0;
        for (var code = 0; code <= steps; code++)
        {
            var from = first + (int)((long)code * (end - first) / (steps + 1));
            var to = first + (int)((long)(code + 1) * (end - first) / (steps + 1));
            double sum = 0;
            var filled = 0;
            for (var i = from; i < to; i++)
            {
                sum += Count(i);
                filled += Count(i) > 0 ? 1 : 0;
            }

            freedom += Math.Max(0, filled - 1);
            for (var i = from; i < to; i++)
            {
                var count = Count(i);
                // What the codes know of a bin: its share of the code's values, those from outside not among them.
                var known = count > 0 ? sum / filled / inside : 0;
                if (i == first)
                    count += below;
                if (i == end - 1)
                    count += above;
                if (count > 0)
                    divergence += count / total * Math.Log(count / total / Math.Max(known, Least));
            }
        }

        // Counts of chance differ although the distribution is smooth: so much divergence they show on average (Miller 1955), and no code loses it.
        return divergence - (freedom / (2 * total));
    }

    /// <summary>
    /// The bin of zero. What ReLU and a border leave there says nothing about the rest, and zero has a code of its own in every range; if it counted, cutting
    /// the rest would seem to cost nothing.
    /// </summary>
    private static int ZeroBin(ValueStatistics statistics)
    {
        var seen = statistics.Range;
        return seen is { Min: <= 0, Max: >= 0 } ? Math.Clamp((int)(-seen.Min * (ValueStatistics.Bins / seen.Width)), 0, ValueStatistics.Bins - 1) : -1;
    }

    private static double Neighbours(long[] histogram, int bin)
    {
        if (bin == 0)
            return histogram[1];
        return bin == histogram.Length - 1 ? histogram[bin - 1] : (histogram[bin - 1] + histogram[bin + 1]) / 2.0;
    }
}

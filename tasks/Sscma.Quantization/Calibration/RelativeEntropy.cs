using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Calibration;

/// <summary>
/// How much of a distribution the codes of a range lose: the relative entropy (Kullback-Leibler) of the histogram, with what lies outside
/// piled up at the ends, to the histogram that the codes can tell apart.
/// </summary>
internal sealed class RelativeEntropy
{
    /// <summary>Instead of no probability at all, which would be infinitely far from any.</summary>
    private const double Least = 1e-9;

    private readonly ValueRange _seen;
    private readonly double[] _counts;
    private readonly double _total;
    private readonly int _steps;

    /// <summary>Prepares the histogram.</summary>
    /// <param name="statistics">What was seen.</param>
    /// <param name="steps">Steps between a range's lowest and its highest code.</param>
    public RelativeEntropy(ValueStatistics statistics, int steps)
    {
        _steps = steps;
        _seen = statistics.Range;
        _counts = Array.ConvertAll(statistics.Histogram, count => (double)count);
        if (ZeroBin(_seen) is { } zero)
            _counts[zero] = Neighbours(statistics.Histogram, zero);
        _total = _counts.Sum();
    }

    /// <summary>The divergence; infinite for a range with fewer bins than codes, of which nothing can be told.</summary>
    /// <param name="range">The range.</param>
    public double Of(ValueRange range)
    {
        if (_seen.Width <= 0)
            return 0;
        var bin = _seen.Width / (double)ValueStatistics.Bins;
        var first = Math.Clamp((int)Math.Round((range.Min - _seen.Min) / bin), 0, ValueStatistics.Bins - 1);
        var end = Math.Clamp((int)Math.Round((range.Max - _seen.Min) / bin), first + 1, ValueStatistics.Bins);
        var whole = end - first == ValueStatistics.Bins;
        if (end - first <= _steps)
            return whole ? 0 : double.PositiveInfinity;

        var below = _counts.Take(first).Sum();
        var inside = _counts.Take(first..end).Sum();
        if (inside == 0)
            return double.PositiveInfinity;
        var above = _total - inside - below;
        var divergence = 0.0;
        var freedom = 0;
        for (var code = 0; code <= _steps; code++)
        {
            var from = first + (int)((long)code * (end - first) / (_steps + 1));
            var to = first + (int)((long)(code + 1) * (end - first) / (_steps + 1));
            double sum = 0;
            var filled = 0;
            for (var i = from; i < to; i++)
            {
                sum += _counts[i];
                filled += _counts[i] > 0 ? 1 : 0;
            }

            freedom += Math.Max(0, filled - 1);
            for (var i = from; i < to; i++)
            {
                var count = _counts[i];
                // What the codes know of a bin: its share of the code's values, those from outside not among them.
                var known = count > 0 ? sum / filled / inside : 0;
                if (i == first)
                    count += below;
                if (i == end - 1)
                    count += above;
                if (count > 0)
                    divergence += count / _total * Math.Log(count / _total / Math.Max(known, Least));
            }
        }

        // Counts of chance differ although the distribution is smooth: so much divergence they show on average (Miller 1955), and no code loses it.
        return divergence - (freedom / (2 * _total));
    }

    /// <summary>
    /// The bin of zero. What ReLU and a border leave there says nothing about the rest, and zero has a code of its own in every range; if it counted, cutting
    /// the rest would seem to cost nothing.
    /// </summary>
    private static int? ZeroBin(ValueRange seen) =>
        seen is { Min: <= 0, Max: >= 0, Width: > 0 } ? Math.Clamp((int)(-seen.Min * (ValueStatistics.Bins / seen.Width)), 0, ValueStatistics.Bins - 1) : null;

    private static double Neighbours(long[] histogram, int bin)
    {
        if (bin == 0)
            return histogram[1];
        return bin == histogram.Length - 1 ? histogram[bin - 1] : (histogram[bin - 1] + histogram[bin + 1]) / 2.0;
    }
}

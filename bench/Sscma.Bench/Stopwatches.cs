using System.Diagnostics;

namespace Sscma.Bench;

/// <summary>Measuring on machines that others use too: variants take turns, and the median of each counts, so that a slow minute hits all alike.</summary>
internal static class Stopwatches
{
    /// <summary>Median seconds of each variant.</summary>
    public static double[] Compare(int rounds, params ReadOnlySpan<Action> variants)
    {
        foreach (var variant in variants)
            variant(); // warm-up: compilation, caches
        var seconds = new List<double>[variants.Length];
        for (var index = 0; index < variants.Length; index++)
            seconds[index] = [];
        for (var round = 0; round < rounds; round++)
        {
            for (var index = 0; index < variants.Length; index++)
            {
                var watch = Stopwatch.StartNew();
                variants[index]();
                seconds[index].Add(watch.Elapsed.TotalSeconds);
            }
        }

        return [.. seconds.Select(Median)];
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}

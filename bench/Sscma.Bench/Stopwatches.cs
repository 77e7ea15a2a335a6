using System.Diagnostics;

namespace Sscma.Bench;

/// <summary>Measuring on machines that others use too: variants take turns, and the median of each counts, so that a slow minute hits all alike.</summary>
internal static class Stopwatches
{
    /// <summary>Median seconds of each variant.</summary>
    public static double[] Compare(int rounds, params ReadOnlySpan<Action> variants) => [.. Measure(rounds, variants).Select(times => times.Median)];

    /// <summary>Median and least seconds of each variant. Other work on the machine only ever adds, so the least tell of the variants alone.</summary>
    public static (double Median, double Least)[] Measure(int rounds, params ReadOnlySpan<Action> variants)
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

        return [.. seconds.Select(MedianAndLeast)];
    }

    private static (double Median, double Least) MedianAndLeast(List<double> values)
    {
        values.Sort();
        return (values[values.Count / 2], values[0]);
    }
}

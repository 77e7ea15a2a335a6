namespace Sscma.Coco.Evaluation;

/// <summary>How the comparison is made. The defaults are those of the COCO detection challenge.</summary>
public sealed record EvaluationParameters
{
    /// <summary>Names of the four area ranges, as the summary prints them.</summary>
    public static IReadOnlyList<string> AreaNames { get; } = ["all", "small", "medium", "large"];

    /// <summary>How many of an image's best detections count; at least three limits. Used in ascending order.</summary>
    public IReadOnlyList<int> MaxDetections { get; init; } = [1, 10, 100];

    /// <summary>Whether a detection must have the class of its object.</summary>
    public bool UseCategories { get; init; } = true;

    /// <summary>A detection matches when its overlap reaches the threshold: 0.50, 0.55, … 0.95.</summary>
    public IReadOnlyList<double> IouThresholds { get; init; } = Steps(0.5, 0.95, 10);

    /// <summary>Where the precision is sampled, ascending: 0, 0.01, … 1.</summary>
    public IReadOnlyList<double> RecallThresholds { get; init; } = Steps(0, 1, 101);

    /// <summary>The images to look at; null means all.</summary>
    public IReadOnlyList<long>? ImageIds { get; init; }

    /// <summary>The categories to look at; null means all.</summary>
    public IReadOnlyList<long>? CategoryIds { get; init; }

    /// <summary>Smallest and largest area of the objects that count, in square pixels, both included: all, small, medium, large.</summary>
    public IReadOnlyList<(double Smallest, double Largest)> AreaRanges { get; init; } = [(0, 1e10), (0, 32 * 32), (32 * 32, 96 * 96), (96 * 96, 1e10)];

    /// <summary>Whether the result keeps every image's matches; they take much memory.</summary>
    public bool KeepMatches { get; init; }

    /// <summary>Evenly spaced values whose last one is exact. The rounding of the others decides matches at the very edge.</summary>
    private static double[] Steps(double first, double last, int count)
    {
        var step = (last - first) / (count - 1);
        var values = new double[count];
        for (var i = 0; i < count - 1; i++)
            values[i] = first + (i * step);
        values[^1] = last;
        return values;
    }
}

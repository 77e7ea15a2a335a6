namespace Sscma.Coco.Evaluation;

/// <summary>What an evaluation says. A value of -1 means that there was nothing to measure.</summary>
public sealed record EvaluationResult
{
    /// <summary>
    /// The twelve numbers: AP, AP50, AP75, AP small, medium, large; AR at the first, second and third limit of detections; AR small, medium, large.
    /// </summary>
    public required IReadOnlyList<double> Stats { get; init; }

    /// <summary>The same as the reference prints them.</summary>
    public required IReadOnlyList<string> Lines { get; init; }

    /// <summary>One entry per category, by ascending id; a single one with id -1 when categories are not used.</summary>
    public required IReadOnlyList<ClassResult> PerClass { get; init; }

    /// <summary>The arrays' axes: IoU thresholds T, recall thresholds R, categories K, area ranges A, limits of detections M.</summary>
    public required (int T, int R, int K, int A, int M) Counts { get; init; }

    /// <summary>The limits of detections in the order of axis M.</summary>
    public required IReadOnlyList<int> MaxDetections { get; init; }

    /// <summary>How many images were looked at.</summary>
    public required int Images { get; init; }

    /// <summary>(T, R, K, A, M): precision at each recall threshold.</summary>
    public required ReadOnlyMemory<double> Precision { get; init; }

    /// <summary>(T, K, A, M): the recall reached.</summary>
    public required ReadOnlyMemory<double> Recall { get; init; }

    /// <summary>(T, R, K, A, M): the score at which each recall threshold is reached.</summary>
    public required ReadOnlyMemory<double> Scores { get; init; }

    /// <summary>The matches by category, area range and image; empty unless they were asked for.</summary>
    public required IReadOnlyList<ImageMatches> Matches { get; init; }
}

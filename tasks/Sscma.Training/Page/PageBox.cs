using Sscma.Detection;

namespace Sscma.Training.Page;

/// <summary>A box on a picture of the page.</summary>
/// <param name="Box">Where, in the picture's own pixels.</param>
/// <param name="Label">Index of its class.</param>
/// <param name="Score">How sure the network is; null for an annotation.</param>
internal sealed record PageBox(Box Box, int Label, double? Score = null)
{
    private const double LeastOverlap = 0.5;

    /// <summary>Whether a detection found an object that no surer one has found.</summary>
    public bool Hit { get; init; }

    /// <summary>Marks the detections that found an object: the same class, an overlap of at least 0.5; the surest takes it.</summary>
    /// <param name="found">Detections, the surest first.</param>
    /// <param name="truth">The objects.</param>
    public static IReadOnlyList<PageBox> Matched(IEnumerable<PageBox> found, IReadOnlyList<PageBox> truth)
    {
        var taken = new HashSet<PageBox>(ReferenceEqualityComparer.Instance);
        return [.. found.Select(item =>
        {
            var best = truth.Where(one => one.Label == item.Label && !taken.Contains(one)).MaxBy(one => one.Box.Iou(item.Box));
            var hit = best is not null && best.Box.Iou(item.Box) >= LeastOverlap;
            if (hit)
                taken.Add(best!);
            return item with { Hit = hit };
        })];
    }
}

namespace Sscma.Detection;

/// <summary>
/// From RTMDet's six raw outputs to detections, as the reference evaluates them: sigmoid, every class of a cell may
/// give a box, best candidates first, suppression per class, then clipping to the original image.
/// Source: SSCMA ModelAssistant, state of December 2024 (head and post-process).
/// </summary>
public static class RtmDetDecoder
{
    /// <summary>Decodes one image. Boxes are in pixels of the original image; the best score comes first.</summary>
    public static IReadOnlyList<DetectedObject> Decode(IReadOnlyList<LevelOutput> levels, DecodeOptions options)
    {
        var candidates = new List<DetectedObject>();
        foreach (var level in levels)
            Collect(level, options, candidates);

        // OrderBy is stable: equal scores keep level, row, column and class order.
        var best = candidates.OrderByDescending(candidate => candidate.Score).Take(options.MaxCandidates).ToList();
        var kept = NonMaximumSuppression.Apply(best, options.IouThreshold, options.MaxDetections);
        if (options.OriginalWidth > 0)
        {
            for (var i = 0; i < kept.Count; i++)
                kept[i] = kept[i] with { Box = kept[i].Box.Clip(options.OriginalWidth, options.OriginalHeight) };
        }

        return kept;
    }

    private static void Collect(LevelOutput level, DecodeOptions options, List<DetectedObject> candidates)
    {
        var logits = level.ClassLogits.Span;
        var distances = level.Distances.Span;
        var classes = level.Classes;
        for (var cell = 0; cell < level.Width * level.Height; cell++)
        {
            for (var label = 0; label < classes; label++)
            {
                var score = 1 / (1 + MathF.Exp(-logits[(cell * classes) + label]));
                if (score > options.ScoreThreshold)
                    candidates.Add(new DetectedObject(BoxAt(level, cell, distances, options), score, label));
            }
        }
    }

    private static Box BoxAt(LevelOutput level, int cell, ReadOnlySpan<float> distances, DecodeOptions options)
    {
        var x = ((cell % level.Width) + options.PointOffset) * level.Stride;
        var y = ((cell / level.Width) + options.PointOffset) * level.Stride;
        var d = distances.Slice(cell * 4, 4);
        return new Box(
            (x - (d[0] * level.Stride)) / options.ScaleX,
            (y - (d[1] * level.Stride)) / options.ScaleY,
            (x + (d[2] * level.Stride)) / options.ScaleX,
            (y + (d[3] * level.Stride)) / options.ScaleY);
    }
}

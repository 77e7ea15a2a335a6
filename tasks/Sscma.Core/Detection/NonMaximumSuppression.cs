namespace Sscma.Detection;

/// <summary>Greedy suppression inside each class.</summary>
public static class NonMaximumSuppression
{
    /// <summary>
    /// Keeps the best detections. <paramref name="candidates"/> are sorted by descending score; a candidate is dropped
    /// when its overlap with a kept one of its class is greater than <paramref name="iouThreshold"/>.
    /// </summary>
    public static List<DetectedObject> Apply(IReadOnlyList<DetectedObject> candidates, float iouThreshold, int maxDetections)
    {
        var kept = new List<DetectedObject>();
        var keptByClass = new Dictionary<int, List<Box>>();
        foreach (var candidate in candidates)
        {
            if (kept.Count >= maxDetections)
                break;
            if (!keptByClass.TryGetValue(candidate.ClassIndex, out var rivals))
                keptByClass.Add(candidate.ClassIndex, rivals = []);
            if (IsCovered(candidate.Box, rivals, iouThreshold))
                continue;
            rivals.Add(candidate.Box);
            kept.Add(candidate);
        }

        return kept;
    }

    private static bool IsCovered(in Box box, List<Box> rivals, float iouThreshold)
    {
        foreach (var rival in rivals)
        {
            if (box.Iou(rival) > iouThreshold)
                return true;
        }

        return false;
    }
}

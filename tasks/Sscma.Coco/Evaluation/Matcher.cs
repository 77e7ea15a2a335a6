namespace Sscma.Coco.Evaluation;

/// <summary>
/// Step one, evaluate: which detection found which object. Source: cocodataset/cocoapi, PythonAPI/pycocotools/cocoeval.py of February 2020,
/// evaluateImg; its order of tests is kept because ties hang on it.
/// </summary>
internal static class Matcher
{
    /// <summary>The largest overlap that a threshold may ask for, so that a threshold of 1 can be reached.</summary>
    private const double NearlyOne = 1 - 1e-10;

    /// <summary>Matches one group in one area range.</summary>
    public static ImageMatches Match(ImageGroup group, long categoryId, int area, EvaluationParameters parameters)
    {
        var range = parameters.AreaRanges[area];

        // Objects that count come first; OrderBy is stable.
        int[] order = [.. Enumerable.Range(0, group.Objects.Length).OrderBy(g => Ignored(group.Objects[g], range))];
        bool[] objectIgnored = [.. order.Select(g => Ignored(group.Objects[g], range))];
        var thresholds = parameters.IouThresholds;
        var matches = new ImageMatches
        {
            ImageId = group.ImageId,
            CategoryId = categoryId,
            Area = area,
            DetectionIds = [.. group.Detections.Select(detection => detection.Id)],
            ObjectIds = [.. order.Select(g => group.Objects[g].Id)],
            Scores = [.. group.Detections.Select(detection => detection.Value.Score)],
            DetectionMatches = Table<long>(thresholds.Count, group.Detections.Length),
            ObjectMatches = Table<long>(thresholds.Count, order.Length),
            DetectionIgnored = Table<bool>(thresholds.Count, group.Detections.Length),
            ObjectIgnored = objectIgnored,
        };
        for (var t = 0; t < thresholds.Count; t++)
            MatchAt(t, Math.Min(thresholds[t], NearlyOne), group, order, range, matches);
        return matches;
    }

    private static void MatchAt(int t, double threshold, ImageGroup group, int[] order, (double Smallest, double Largest) range, ImageMatches matches)
    {
        var found = matches.DetectionMatches[t];
        var ignored = matches.DetectionIgnored[t];
        for (var d = 0; d < group.Detections.Length; d++)
        {
            var best = Best(d, threshold, group, order, matches.ObjectMatches[t], matches.ObjectIgnored);
            if (best >= 0)
            {
                ignored[d] = matches.ObjectIgnored[best];
                found[d] = matches.ObjectIds[best];
                matches.ObjectMatches[t][best] = group.Detections[d].Id;
            }

            // An object of id 0 leaves no trace in the reference: its detection counts as unmatched.
            if (found[d] == 0 && !Within(group.Detections[d].Value.Width * group.Detections[d].Value.Height, range))
                ignored[d] = true;
        }
    }

    /// <summary>The object with the largest overlap, the last among equals; -1 if none reaches the threshold.</summary>
    private static int Best(int d, double threshold, ImageGroup group, int[] order, long[] taken, bool[] objectIgnored)
    {
        var best = -1;
        var bestOverlap = threshold;
        for (var g = 0; g < order.Length; g++)
        {
            if (taken[g] > 0 && !group.Objects[order[g]].IsCrowd)
                continue;
            if (best >= 0 && !objectIgnored[best] && objectIgnored[g])
                break;
            var overlap = group.Overlaps[(d * order.Length) + order[g]];
            if (overlap < bestOverlap)
                continue;
            (best, bestOverlap) = (g, overlap);
        }

        return best;
    }

    private static bool Ignored(CocoAnnotation item, (double Smallest, double Largest) range) => item.IsCrowd || !Within(item.Area, range);

    private static bool Within(double area, (double Smallest, double Largest) range) => !(area < range.Smallest || area > range.Largest);

    private static T[][] Table<T>(int rows, int columns)
    {
        var table = new T[rows][];
        for (var i = 0; i < rows; i++)
            table[i] = new T[columns];
        return table;
    }
}

namespace Sscma.Coco.Evaluation;

/// <summary>
/// The COCO evaluation of boxes: evaluate, accumulate, summarize. Every number equals the reference's (cocodataset/cocoapi, PythonAPI,
/// February 2020) to the last bit, whatever the number of threads.
/// </summary>
public static class CocoEvaluator
{
    /// <summary>Compares detections with the ground truth.</summary>
    /// <exception cref="ArgumentException">Fewer than three limits of detections, not four area ranges, or no threshold.</exception>
    public static EvaluationResult Evaluate(EvaluationInput input, EvaluationParameters? parameters = null)
    {
        parameters ??= new EvaluationParameters();
        Check(parameters);
        int[] maxDetections = [.. parameters.MaxDetections.Order()];
        var grouping = new Grouping(input, parameters);
        var arrays = new Accumulator(parameters, grouping.CategoryIds.Count, maxDetections);
        var matches = new List<ImageMatches>[grouping.CategoryIds.Count];
        Parallel.For(0, grouping.CategoryIds.Count, k => matches[k] = EvaluateCategory(k, grouping, parameters, arrays));

        var summary = new Summary(arrays, parameters, maxDetections);
        var (stats, lines) = summary.Overall();
        return new EvaluationResult
        {
            Stats = stats,
            Lines = lines,
            PerClass = [.. grouping.CategoryIds.Select((id, k) => summary.OfCategory(k, id))],
            Counts = arrays.Counts,
            MaxDetections = maxDetections,
            Images = grouping.ImageIds.Length,
            Precision = arrays.Precision,
            Recall = arrays.Recall,
            Scores = arrays.Scores,
            Matches = [.. matches.SelectMany(some => some)],
        };
    }

    private static List<ImageMatches> EvaluateCategory(int k, Grouping grouping, EvaluationParameters parameters, Accumulator arrays)
    {
        var kept = new List<ImageMatches>();
        var id = grouping.CategoryIds[k];
        var groups = grouping.GroupsOf(id);
        var best = Accumulator.BestFirst(groups);
        for (var area = 0; area < parameters.AreaRanges.Count; area++)
        {
            List<ImageMatches> matches = [.. groups.Select(group => Matcher.Match(group, id, area, parameters))];
            arrays.Add(k, area, matches, best);
            if (parameters.KeepMatches)
                kept.AddRange(matches);
        }

        return kept;
    }

    private static void Check(EvaluationParameters parameters)
    {
        if (parameters.MaxDetections.Count < 3)
            throw new ArgumentException("the summary needs three limits of detections", nameof(parameters));
        if (parameters.AreaRanges.Count != EvaluationParameters.AreaNames.Count)
            throw new ArgumentException("the summary needs four area ranges", nameof(parameters));
        if (parameters.IouThresholds.Count == 0 || parameters.RecallThresholds.Count == 0)
            throw new ArgumentException("at least one IoU and one recall threshold is needed", nameof(parameters));
    }
}

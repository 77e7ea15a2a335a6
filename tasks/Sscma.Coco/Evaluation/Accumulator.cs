namespace Sscma.Coco.Evaluation;

/// <summary>
/// Step two, accumulate: from matches to precision over recall. Different (category, area range) pairs may be added by different
/// threads. Source: cocodataset/cocoapi, cocoeval.py of February 2020, accumulate.
/// </summary>
internal sealed class Accumulator
{
    /// <summary>Distance from 1 to the next double: keeps the reference's quotient from dividing by zero.</summary>
    private const double Epsilon = 1.0 / (1L << 52);

    private enum Verdict : byte
    {
        Ignored,
        Right,
        Wrong,
    }

    private readonly IReadOnlyList<double> _recallThresholds;
    private readonly int[] _maxDetections;

    /// <summary>Makes arrays in which everything is -1: not measured.</summary>
    public Accumulator(EvaluationParameters parameters, int categories, int[] maxDetections)
    {
        _recallThresholds = parameters.RecallThresholds;
        _maxDetections = maxDetections;
        Counts = (parameters.IouThresholds.Count, _recallThresholds.Count, categories, parameters.AreaRanges.Count, maxDetections.Length);
        Precision = new double[Counts.T * Counts.R * Counts.K * Counts.A * Counts.M];
        Scores = new double[Precision.Length];
        Recall = new double[Counts.T * Counts.K * Counts.A * Counts.M];
        Precision.AsSpan().Fill(-1);
        Scores.AsSpan().Fill(-1);
        Recall.AsSpan().Fill(-1);
    }

    /// <summary>Extents of the axes.</summary>
    public (int T, int R, int K, int A, int M) Counts { get; }

    /// <summary>(T, R, K, A, M).</summary>
    public double[] Precision { get; }

    /// <summary>(T, R, K, A, M).</summary>
    public double[] Scores { get; }

    /// <summary>(T, K, A, M).</summary>
    public double[] Recall { get; }

    /// <summary>
    /// The detections of all images of a category by descending score; equal ones in the order of the images. Every area range uses the same order.
    /// </summary>
    public static (double Score, int Image, int Detection)[] BestFirst(IReadOnlyList<ImageGroup> images)
    {
        var all = new List<(double Score, int Image, int Detection)>();
        for (var i = 0; i < images.Count; i++)
        {
            for (var d = 0; d < images[i].Detections.Length; d++)
                all.Add((images[i].Detections[d].Value.Score, i, d));
        }

        all.Sort((a, b) =>
        {
            var order = b.Score.CompareTo(a.Score);
            return order != 0 ? order : a.Image != b.Image ? a.Image.CompareTo(b.Image) : a.Detection.CompareTo(b.Detection);
        });
        return [.. all];
    }

    /// <summary>Adds one category and area range.</summary>
    /// <param name="category">Index on axis K.</param>
    /// <param name="area">Index on axis A.</param>
    /// <param name="images">The matches by ascending image.</param>
    /// <param name="best">What <see cref="BestFirst"/> gave for the same images.</param>
    public void Add(int category, int area, IReadOnlyList<ImageMatches> images, (double Score, int Image, int Detection)[] best)
    {
        var objects = images.Sum(image => image.ObjectIgnored.Count(ignored => !ignored));
        if (objects == 0)
            return;
        var verdicts = Verdicts(images, best);
        var recall = new double[best.Length];
        var precision = new double[best.Length];
        for (var m = 0; m < _maxDetections.Length; m++)
        {
            // A detection's place in its image decides whether it counts; to leave some out keeps the order of the others.
            var limit = _maxDetections[m];
            int[] counted = [.. Enumerable.Range(0, best.Length).Where(i => best[i].Detection < limit)];
            for (var t = 0; t < Counts.T; t++)
            {
                Curve(verdicts[t], counted, objects, recall, precision);
                Recall[(((((t * Counts.K) + category) * Counts.A) + area) * Counts.M) + m] = counted.Length > 0 ? recall[counted.Length - 1] : 0;
                Sample(t, category, area, m, recall.AsSpan(0, counted.Length), precision, best, counted);
            }
        }
    }

    /// <summary>(T)(D): what each detection is, best first, so that the many passes over them read memory in order.</summary>
    private Verdict[][] Verdicts(IReadOnlyList<ImageMatches> images, (double Score, int Image, int Detection)[] best)
    {
        var verdicts = new Verdict[Counts.T][];
        for (var t = 0; t < Counts.T; t++)
            verdicts[t] = new Verdict[best.Length];
        for (var i = 0; i < best.Length; i++)
        {
            var (_, image, d) = best[i];
            var matches = images[image];
            for (var t = 0; t < Counts.T; t++)
            {
                verdicts[t][i] = matches.DetectionIgnored[t][d] ? Verdict.Ignored
                    : matches.DetectionMatches[t][d] != 0 ? Verdict.Right : Verdict.Wrong;
            }
        }

        return verdicts;
    }

    /// <summary>Recall and precision after each detection; the precision never falls from right to left.</summary>
    private static void Curve(Verdict[] verdicts, int[] counted, int objects, double[] recall, double[] precision)
    {
        double right = 0, wrong = 0;
        for (var i = 0; i < counted.Length; i++)
        {
            var verdict = verdicts[counted[i]];
            if (verdict == Verdict.Right)
                right++;
            else if (verdict == Verdict.Wrong)
                wrong++;
            recall[i] = right / objects;
            precision[i] = right / (wrong + right + Epsilon);
        }

        for (var i = counted.Length - 1; i > 0; i--)
            precision[i - 1] = Math.Max(precision[i - 1], precision[i]);
    }

    /// <summary>The precision at the first detection that reaches each recall threshold, 0 beyond the last.</summary>
    private void Sample(
        int t, int k, int a, int m, ReadOnlySpan<double> recall, double[] precision, (double Score, int Image, int Detection)[] best, int[] counted)
    {
        var reached = true;
        for (var r = 0; r < Counts.R; r++)
        {
            var first = reached ? FirstAtLeast(recall, _recallThresholds[r]) : recall.Length;

            // The reference stops at the first threshold that is out of reach; the thresholds ascend.
            reached = first < recall.Length;
            var at = (((((((t * Counts.R) + r) * Counts.K) + k) * Counts.A) + a) * Counts.M) + m;
            Precision[at] = reached ? precision[first] : 0;
            Scores[at] = reached ? best[counted[first]].Score : 0;
        }
    }

    private static int FirstAtLeast(ReadOnlySpan<double> ascending, double value)
    {
        int low = 0, high = ascending.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ascending[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}

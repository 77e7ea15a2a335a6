namespace Sscma.Coco.Evaluation;

/// <summary>
/// Step two, accumulate: from matches to precision over recall. Different (category, area range) pairs may be added by different
/// threads. Source: cocodataset/cocoapi, cocoeval.py of February 2020, accumulate.
/// </summary>
internal sealed class Accumulator
{
    /// <summary>Distance from 1 to the next double: keeps the reference's quotient from dividing by zero.</summary>
    private const double Epsilon = 1.0 / (1L << 52);

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

    /// <summary>Adds one category and area range: its matches by ascending image.</summary>
    public void Add(int category, int area, IReadOnlyList<ImageMatches> images)
    {
        var objects = images.Sum(image => image.ObjectIgnored.Count(ignored => !ignored));
        if (objects == 0)
            return;
        for (var m = 0; m < _maxDetections.Length; m++)
        {
            var best = BestFirst(images, _maxDetections[m]);
            for (var t = 0; t < Counts.T; t++)
                AddAt(t, category, area, m, images, best, objects);
        }
    }

    /// <summary>The detections that count, of all images, by descending score; equal ones in the order of the images.</summary>
    private static List<(double Score, int Image, int Detection)> BestFirst(IReadOnlyList<ImageMatches> images, int maxDetections)
    {
        var all = new List<(double Score, int Image, int Detection)>();
        for (var i = 0; i < images.Count; i++)
        {
            for (var d = 0; d < Math.Min(images[i].Scores.Length, maxDetections); d++)
                all.Add((images[i].Scores[d], i, d));
        }

        all.Sort((a, b) =>
        {
            var order = b.Score.CompareTo(a.Score);
            return order != 0 ? order : a.Image != b.Image ? a.Image.CompareTo(b.Image) : a.Detection.CompareTo(b.Detection);
        });
        return all;
    }

    private void AddAt(int t, int k, int a, int m, IReadOnlyList<ImageMatches> images, List<(double Score, int Image, int Detection)> best, int objects)
    {
        var recall = new double[best.Count];
        var precision = new double[best.Count];
        double right = 0, wrong = 0;
        for (var i = 0; i < best.Count; i++)
        {
            var (_, image, d) = best[i];
            if (!images[image].DetectionIgnored[t][d])
            {
                if (images[image].DetectionMatches[t][d] != 0)
                    right++;
                else
                    wrong++;
            }

            recall[i] = right / objects;
            precision[i] = right / (wrong + right + Epsilon);
        }

        Recall[(((((t * Counts.K) + k) * Counts.A) + a) * Counts.M) + m] = best.Count > 0 ? recall[^1] : 0;
        for (var i = best.Count - 1; i > 0; i--)
            precision[i - 1] = Math.Max(precision[i - 1], precision[i]);
        Sample(t, k, a, m, recall, precision, best);
    }

    /// <summary>The precision at the first detection that reaches each recall threshold, 0 beyond the last.</summary>
    private void Sample(int t, int k, int a, int m, double[] recall, double[] precision, List<(double Score, int Image, int Detection)> best)
    {
        var reached = true;
        for (var r = 0; r < Counts.R; r++)
        {
            var first = reached ? FirstAtLeast(recall, _recallThresholds[r]) : recall.Length;

            // The reference stops at the first threshold that is out of reach; the thresholds ascend.
            reached = first < recall.Length;
            var at = (((((((t * Counts.R) + r) * Counts.K) + k) * Counts.A) + a) * Counts.M) + m;
            Precision[at] = reached ? precision[first] : 0;
            Scores[at] = reached ? best[first].Score : 0;
        }
    }

    private static int FirstAtLeast(double[] ascending, double value)
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

using System.Globalization;

namespace Sscma.Coco.Evaluation;

/// <summary>
/// Step three, summarize: the twelve numbers, their lines, and the numbers of each category.
/// Source: cocodataset/cocoapi, cocoeval.py of February 2020, summarize.
/// </summary>
internal sealed class Summary(Accumulator arrays, EvaluationParameters parameters, int[] maxDetections)
{
    /// <summary>The limit at which the reference takes the first number, whatever limits are given.</summary>
    private const int LimitOfFirstNumber = 100;

    /// <summary>The twelve numbers and lines.</summary>
    public (double[] Stats, string[] Lines) Overall()
    {
        var limit = maxDetections[2];
        (bool Precision, double? Iou, int Area, int Limit)[] rows =
        [
            (true, null, 0, LimitOfFirstNumber), (true, 0.5, 0, limit), (true, 0.75, 0, limit),
            (true, null, 1, limit), (true, null, 2, limit), (true, null, 3, limit),
            (false, null, 0, maxDetections[0]), (false, null, 0, maxDetections[1]), (false, null, 0, limit),
            (false, null, 1, limit), (false, null, 2, limit), (false, null, 3, limit),
        ];
        double[] stats = [.. rows.Select(row => Mean(row.Precision, row.Iou, row.Area, Limits(row.Limit), AllCategories()) ?? -1)];
        return (stats, [.. rows.Select((row, i) => Line(row.Precision, row.Iou, row.Area, row.Limit, stats[i]))]);
    }

    /// <summary>The numbers of one category.</summary>
    public ClassResult OfCategory(int k, long id)
    {
        int[] last = [maxDetections.Length - 1];
        double? Precision(double? iou, int area) => Mean(true, iou, area, last, [k]);
        return new ClassResult(
            id, Precision(null, 0), Precision(0.5, 0), Precision(0.75, 0), Precision(null, 1), Precision(null, 2), Precision(null, 3), Mean(false, null, 0, last, [k]));
    }

    /// <summary>The mean of what was measured, in the order of the arrays; null if nothing was.</summary>
    private double? Mean(bool precision, double? iou, int area, int[] limits, IEnumerable<int> categories)
    {
        var (values, recalls) = precision ? (arrays.Precision, arrays.Counts.R) : (arrays.Recall, 1);
        var measured = new List<double>();
        for (var t = 0; t < arrays.Counts.T; t++)
        {
            if (iou is { } only && parameters.IouThresholds[t] != only)
                continue;
            for (var r = 0; r < recalls; r++)
            {
                foreach (var k in categories)
                {
                    foreach (var m in limits)
                    {
                        var value = values[(((((((t * recalls) + r) * arrays.Counts.K) + k) * arrays.Counts.A) + area) * arrays.Counts.M) + m];
                        if (value > -1)
                            measured.Add(value);
                    }
                }
            }
        }

        return measured.Count == 0 ? null : NumpyMean.Of(measured.ToArray());
    }

    private IEnumerable<int> AllCategories() => Enumerable.Range(0, arrays.Counts.K);

    private int[] Limits(int limit) => [.. Enumerable.Range(0, maxDetections.Length).Where(m => maxDetections[m] == limit)];

    private string Line(bool precision, double? iou, int area, int limit, double value)
    {
        var (title, kind) = precision ? ("Average Precision", "AP") : ("Average Recall", "AR");
        var ious = iou is { } only ? Fixed(only, 2) : $"{Fixed(parameters.IouThresholds[0], 2)}:{Fixed(parameters.IouThresholds[^1], 2)}";
        return $" {title,-18} ({kind}) @[ IoU={ious,-9} | area={EvaluationParameters.AreaNames[area],6} | maxDets={limit,3} ] = {Fixed(value, 3)}";
    }

    /// <summary>A number with so many decimals, rounded from its exact value, halves to even, as C and Python print it.</summary>
    internal static string Fixed(double value, int decimals)
    {
        var scale = Math.Pow(10, decimals);
        var magnitude = Math.Abs(value);
        var scaled = magnitude * scale;
        var lost = Math.FusedMultiplyAdd(magnitude, scale, -scaled); // The exact product is scaled + lost.
        var whole = Math.Floor(scaled);
        var part = scaled - whole;
        if (part > 0.5 || (part == 0.5 && (lost > 0 || (lost == 0 && whole % 2 == 1))))
            whole++;
        var digits = ((long)whole).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        return $"{(double.IsNegative(value) ? "-" : "")}{digits[..^decimals]}.{digits[^decimals..]}";
    }
}

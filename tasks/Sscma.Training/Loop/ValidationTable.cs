using System.Globalization;
using Sscma.Coco;
using Sscma.Coco.Evaluation;

namespace Sscma.Training.Loop;

/// <summary>A validation as a table: a row per class, one for all.</summary>
internal static class ValidationTable
{
    private static readonly string[] Head = ["class", "AP", "AP50", "AP75", "AP small", "AP medium", "AP large", "AR"];

    /// <summary>The table's lines.</summary>
    public static IEnumerable<string> Lines(CocoDataset dataset, EvaluationResult result)
    {
        var names = dataset.Categories.ToDictionary(category => category.Id, category => category.Name);
        List<string[]> rows = [Head];
        rows.AddRange(result.PerClass.Select(item => Row(
            names.GetValueOrDefault(item.CategoryId, "?"), item.AP, item.AP50, item.AP75, item.APSmall, item.APMedium, item.APLarge, item.AR)));
        rows.Add(Row("all", [.. new[] { 0, 1, 2, 3, 4, 5, 8 }.Select(index => Measured(result.Stats[index]))]));

        var widths = Enumerable.Range(0, Head.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var rule = $"+{string.Join('+', widths.Select(width => new string('-', width + 2)))}+";
        yield return rule;
        for (var i = 0; i < rows.Count; i++)
        {
            yield return $"| {string.Join(" | ", rows[i].Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column])))} |";
            if (i == 0 || i >= rows.Count - 2)
                yield return rule;
        }
    }

    private static string[] Row(string name, params double?[] values) =>
        [name, .. values.Select(value => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-")];

    private static double? Measured(double value) => value < 0 ? null : value;
}

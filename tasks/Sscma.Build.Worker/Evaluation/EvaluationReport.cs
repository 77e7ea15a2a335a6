using System.Globalization;
using System.Text;
using Sscma.Files;

namespace Sscma.Build.Worker.Evaluation;

/// <summary>The evaluation for people: the twelve lines as the reference prints them, and a table of the classes.</summary>
internal static class EvaluationReport
{
    private static readonly string[] Columns = ["objects", "AP", "AP50", "AP75", "APsmall", "APmedium", "APlarge", "AR"];

    /// <summary>The twelve lines and the table, as the console shows them.</summary>
    public static IEnumerable<string> Lines(ScoredModel scored)
    {
        foreach (var line in scored.Result.Lines)
            yield return line;
        yield return "";
        foreach (var line in Table(scored))
            yield return line;
        if (scored.Test is not { } test)
            yield break;
        yield return "";
        yield return $"test        {test.AnnotationName}: {test.Dataset.Images.Count} images, {test.Objects} objects, {test.Detections} detections";
        yield return "";
        foreach (var line in Lines(test))
            yield return line;
    }

    /// <summary>The whole report, with what was scored at its head.</summary>
    public static string Text(ScoredModel scored)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"model       {scored.Model}\n");
        text.Append(CultureInfo.InvariantCulture, $"tflite      {scored.Tflite.Length} bytes, SHA-256 {Digest.OfBytes(scored.Tflite)}\n");
        text.Append(CultureInfo.InvariantCulture, $"validation  {scored.AnnotationName}: {scored.Dataset.Images.Count} images, {scored.Objects} objects\n");
        text.Append(CultureInfo.InvariantCulture, $"detections  {scored.Detections}, score above {scored.Decoding.ScoreThreshold}, suppression at IoU {scored.Decoding.IouThreshold}, at most {scored.Decoding.MaxDetections} per image\n\n");
        foreach (var line in Lines(scored))
            text.Append(line).Append('\n');
        return text.ToString();
    }

    private static IEnumerable<string> Table(ScoredModel scored)
    {
        var width = Math.Max(5, scored.Dataset.Categories.Max(category => category.Name.Length));
        yield return $" {"class".PadRight(width)}{string.Concat(Columns.Select(column => column.PadLeft(10)))}";
        foreach (var (name, objects, result) in scored.Classes())
        {
            double?[] numbers = [result.AP, result.AP50, result.AP75, result.APSmall, result.APMedium, result.APLarge, result.AR];
            yield return $" {name.PadRight(width)}{objects,10}{string.Concat(numbers.Select(number => (number?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-").PadLeft(10)))}";
        }
    }
}

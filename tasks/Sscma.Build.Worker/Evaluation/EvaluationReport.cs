using System.Globalization;
using System.Text;
using Sscma.Coco.Evaluation;
using Sscma.Files;
using Sscma.Imaging;

namespace Sscma.Build.Worker.Evaluation;

/// <summary>The evaluation for people: the twelve lines as the reference prints them and a table of the classes, and the same as the device sees it.</summary>
internal static class EvaluationReport
{
    private static readonly string[] Columns = ["objects", "AP", "AP50", "AP75", "APsmall", "APmedium", "APlarge", "AR"];

    /// <summary>The lines and tables of both views, as the console shows them.</summary>
    public static IEnumerable<string> Lines(ScoredModel scored)
    {
        foreach (var line in Evaluation(scored, scored.Result))
            yield return line;
        yield return "";
        foreach (var line in Device(scored))
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
        text.Append(CultureInfo.InvariantCulture, $"detections  {scored.Detections}, pictures {(scored.Resize == ResizeMode.Stretch ? "stretched to the input" : "fitted into the input")}, score above {scored.Decoding.ScoreThreshold}, suppression at IoU {scored.Decoding.IouThreshold}, at most {scored.Decoding.MaxDetections} per image\n\n");
        foreach (var line in Lines(scored))
            text.Append(line).Append('\n');
        return text.ToString();
    }

    private static IEnumerable<string> Evaluation(ScoredModel scored, EvaluationResult result) => [.. result.Lines, "", .. Table(scored, result)];

    private static IEnumerable<string> Device(ScoredModel scored)
    {
        if (scored.Device is not { } device)
            return [$"as the device: not measured, {scored.WithoutDevice}"];
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"as the device: stretched to the input, score from {device.Options.ScoreThreshold}, suppression at IoU {device.Options.IouThreshold}: {device.Detections} detections"),
            "",
            .. Evaluation(scored, device.Result),
            "",
            Side("mAP", 0),
            Side("mAP50", 1),
        ];

        string Side(string name, int number) => $"{name,-6} {Number(scored.Result, number)}, as the device {Number(device.Result, number)}";

        static string Number(EvaluationResult result, int number) => result.Stats[number] < 0 ? "undefined" : result.Stats[number].ToString("0.0000", CultureInfo.InvariantCulture);
    }

    private static IEnumerable<string> Table(ScoredModel scored, EvaluationResult evaluation)
    {
        var width = Math.Max(5, scored.Dataset.Categories.Max(category => category.Name.Length));
        yield return $" {"class".PadRight(width)}{string.Concat(Columns.Select(column => column.PadLeft(10)))}";
        foreach (var (name, objects, result) in scored.Classes(evaluation))
        {
            double?[] numbers = [result.AP, result.AP50, result.AP75, result.APSmall, result.APMedium, result.APLarge, result.AR];
            yield return $" {name.PadRight(width)}{objects,10}{string.Concat(numbers.Select(number => (number?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-").PadLeft(10)))}";
        }
    }
}

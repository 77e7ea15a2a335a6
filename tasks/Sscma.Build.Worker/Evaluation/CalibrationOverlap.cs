using System.Text.Json;
using Sscma.Coco;
using Sscma.Diagnostics;
using Sscma.Files;

namespace Sscma.Build.Worker.Evaluation;

/// <summary>Warns of images that both gave the file its ranges and score it, whatever their names are.</summary>
internal static class CalibrationOverlap
{
    private const int Named = 3;

    /// <summary>Compares the images of export.json with those of a split.</summary>
    /// <param name="report">export.json; without one, or with a damaged one, nothing is known.</param>
    /// <param name="tflite">The file that is scored; the report must be about it.</param>
    /// <param name="dataset">The split that scores it.</param>
    /// <param name="diagnostics">Takes the warning.</param>
    public static void Check(string? report, byte[] tflite, CocoDataset dataset, IDiagnosticSink diagnostics)
    {
        var calibration = Images(report, tflite);
        // A file of another length has another content: few must be read.
        var lengths = calibration.Select(image => image.Bytes).ToHashSet();
        var digests = calibration.Select(image => image.Sha256).ToHashSet(StringComparer.Ordinal);
        var both = dataset.Images
            .Where(image => lengths.Count > 0 && File.Exists(image.Path) && lengths.Contains(new FileInfo(image.Path).Length) && digests.Contains(Digest.OfFile(image.Path)))
            .Select(image => image.FileName).Order(StringComparer.Ordinal).ToList();
        if (both.Count == 0)
            return;
        var names = string.Join(", ", both.Take(Named)) + (both.Count > Named ? ", …" : "");
        diagnostics.Report(Diagnostic.Warning(
            Codes.CalibrationScored,
            $"{both.Count} image(s) that score the file also gave it its ranges ({names}), so the score flatters. Give the validation split images of its own.",
            dataset.AnnotationFile));
    }

    private static List<(long Bytes, string Sha256)> Images(string? report, byte[] tflite)
    {
        if (report is null || !File.Exists(report))
            return [];
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(report));
            if (json.RootElement.GetProperty("sha256").GetString() != Digest.OfBytes(tflite) || json.RootElement.GetProperty("calibration") is not { ValueKind: JsonValueKind.Object } calibration)
                return [];
            return [.. calibration.GetProperty("images").EnumerateArray().Select(image => (image.GetProperty("bytes").GetInt64(), image.GetProperty("sha256").GetString()!))];
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // A record, no input: whoever damaged it loses the warning only.
            return [];
        }
    }
}

using System.Text.Json;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Tflite;

namespace Sscma.Build.Worker.Embedding;

/// <summary>A model that passed its gate, with what the generated files say about it.</summary>
/// <param name="Name">The model's name in the project.</param>
/// <param name="Bytes">The .tflite file.</param>
/// <param name="Sha256">Its digest.</param>
/// <param name="Model">The same file, read.</param>
/// <param name="Facts">Labels, image size, strides and point offset, from inside the file.</param>
/// <param name="Map">Measured mAP (IoU 0.50:0.95), or null if it could not be computed.</param>
/// <param name="Map50">Measured mAP at IoU 0.50, or null.</param>
internal sealed record ProvenModel(string Name, byte[] Bytes, string Sha256, TfliteModel Model, SscmaMetadata Facts, double? Map, double? Map50)
{
    /// <summary>Measured mAP and mAP at IoU 0.50 as the device sees it; null when the firmware does not run the file.</summary>
    public (double? Map, double? Map50)? Device { get; init; }

    /// <summary>Which bytes reached the metrics.</summary>
    public string MeasuredOn { get; init; } = "exactly these bytes";

    /// <summary>Reads the model and its metrics.</summary>
    /// <exception cref="DiagnosticException">SSCMA5004: the file does not say what it detects; SSCMA5008: it is a plain network; SSCMA4004, SSCMA4005: the metrics are not this file's.</exception>
    public static ProvenModel Read(string name, string tflitePath, string metricsPath)
    {
        var bytes = BytesOf(tflitePath, metricsPath);
        var model = TfliteFile.Read(bytes);
        if (NetworkMetadata.IsIn(model))
            throw new DiagnosticException(Codes.EmbedNeedsDetector, "the file is a plain network; what is generated for C#, C and Vela is a detector's. Set EmbedAs=\"None\" and leave SscmaVela out.", tflitePath);
        var facts = SscmaMetadata.Read(model) ?? throw new DiagnosticException(
            Codes.ModelWithoutFacts, $"the file carries no '{SscmaMetadata.EntryName}' entry, so its labels and image size are unknown. Export it with the target SscmaExport.", tflitePath);
        return InMetrics(metricsPath, root =>
        {
            var metrics = root.GetProperty("metrics");
            return new ProvenModel(name, bytes, Digest.OfBytes(bytes), model, facts, Metric(metrics, "mAP"), Metric(metrics, "mAP50"))
            {
                Device = root.TryGetProperty("device", out var device) && device.ValueKind == JsonValueKind.Object && device.TryGetProperty("metrics", out var seen)
                    ? (Metric(seen, "mAP"), Metric(seen, "mAP50"))
                    : null,
            };
        });
    }

    /// <summary>The bytes of a .tflite file whose metrics speak of it, whatever they say.</summary>
    /// <exception cref="DiagnosticException">SSCMA4004, SSCMA4005: the metrics are not this file's.</exception>
    public static byte[] BytesOf(string tflitePath, string metricsPath)
    {
        var bytes = File.ReadAllBytes(tflitePath);
        return InMetrics(metricsPath, root => root.GetProperty("tflite").GetProperty("sha256").GetString() == Digest.OfBytes(bytes)
            ? bytes
            : throw new DiagnosticException(Codes.MetricsOfAnotherFile, $"the metrics belong to another file than '{tflitePath}'. Run the target SscmaClean and build again.", metricsPath));
    }

    private static T InMetrics<T>(string metricsPath, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(metricsPath));
            return read(document.RootElement);
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DiagnosticException(
                Diagnostic.Error(Codes.MetricsUnreadable, $"the metrics cannot be read: {broken.Message} Build again with the target SscmaEvaluate.", metricsPath), broken);
        }
    }

    /// <summary>A metric; null, absent and COCO's −1 all mean that there was nothing to measure.</summary>
    private static double? Metric(JsonElement metrics, string name) =>
        metrics.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and var number ? number : null;
}

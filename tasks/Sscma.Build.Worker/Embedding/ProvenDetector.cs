using System.Text.Json;
using Sscma.Files;
using Sscma.Tflite;

namespace Sscma.Build.Worker.Embedding;

/// <summary>A detector that passed its gate, with its score.</summary>
/// <param name="Name">The model's name in the project.</param>
/// <param name="Bytes">The .tflite file.</param>
/// <param name="Sha256">Its digest.</param>
/// <param name="Model">The same file, read.</param>
/// <param name="Facts">Labels, image size, strides and point offset, from inside the file.</param>
/// <param name="Map">Measured mAP (IoU 0.50:0.95), or null if it could not be computed.</param>
/// <param name="Map50">Measured mAP at IoU 0.50, or null.</param>
internal sealed record ProvenDetector(string Name, byte[] Bytes, string Sha256, TfliteModel Model, SscmaMetadata Facts, double? Map, double? Map50)
    : ProvenModel(Name, Bytes, Sha256, Model, Facts.Labels, Facts.Input)
{
    /// <summary>Measured mAP and mAP at IoU 0.50 as the device sees it; null when the firmware does not run the file.</summary>
    public (double? Map, double? Map50)? Device { get; init; }

    /// <summary>Which bytes reached the metrics.</summary>
    public string MeasuredOn { get; init; } = "exactly these bytes";

    /// <summary>A detector with what its metrics.json says.</summary>
    /// <exception cref="KeyNotFoundException">The metrics are not those of a detector.</exception>
    public static ProvenDetector Of(string name, byte[] bytes, TfliteModel model, SscmaMetadata facts, JsonElement root)
    {
        var metrics = root.GetProperty("metrics");
        return new ProvenDetector(name, bytes, Digest.OfBytes(bytes), model, facts, Metric(metrics, "mAP"), Metric(metrics, "mAP50"))
        {
            Device = root.TryGetProperty("device", out var device) && device.ValueKind == JsonValueKind.Object && device.TryGetProperty("metrics", out var seen)
                ? (Metric(seen, "mAP"), Metric(seen, "mAP50"))
                : null,
        };
    }

    /// <summary>A metric; null, absent and COCO's −1 all mean that there was nothing to measure.</summary>
    private static double? Metric(JsonElement metrics, string name) =>
        metrics.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and var number ? number : null;
}

using System.Text.Json.Serialization;

namespace Sscma.Tflite;

/// <summary>What a file was made from: digests and versions, no times and no scores, so that the same inputs give the same bytes.</summary>
public sealed record OriginFacts
{
    /// <summary>Version of Sscma.Build.</summary>
    public required string Tool { get; init; }

    /// <summary>SHA-256 of the float model (ONNX).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    /// <summary>SHA-256 of the configuration that the training really had.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Config { get; init; }

    /// <summary>SHA-256 of the training split's annotation file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Dataset { get; init; }

    /// <summary>How the ranges were found; null for a float file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Calibration { get; init; }

    /// <summary>How many images gave the ranges.</summary>
    public int CalibrationImages { get; init; }

    /// <summary>SHA-256 of their list, one line <c>digest  name</c> for each as sha256sum writes it; export.json has the lines.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CalibrationList { get; init; }
}

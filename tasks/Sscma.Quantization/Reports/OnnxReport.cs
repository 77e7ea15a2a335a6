using System.Globalization;
using System.Text.Json.Serialization;

namespace Sscma.Quantization.Reports;

/// <summary>An ONNX file that was written beside the .tflite file.</summary>
/// <param name="Format">onnx or onnx-qdq.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Opset">The operator set.</param>
/// <param name="ComparedImages">Images that both files were run on.</param>
public sealed record OnnxReport(string Format, string Sha256, int Bytes, long Opset, int ComparedImages)
{
    /// <summary>Elements of the outputs over all these images; null for a float file, which has no codes to compare.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Elements { get; init; }

    /// <summary>The part of them that is the same code in ONNX Runtime as in the .tflite file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Equal { get; init; }

    /// <summary>The part that differs by at most one step of an 8-bit code.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? WithinOneStep { get; init; }

    /// <summary>What the console shows.</summary>
    public override string ToString() => Elements is null
        ? string.Create(CultureInfo.InvariantCulture, $"{Format}: {Bytes / 1024.0:F0} KiB, opset {Opset}")
        : string.Create(CultureInfo.InvariantCulture, $"{Format}: {Bytes / 1024.0:F0} KiB, opset {Opset}; of its outputs {Equal:P2} equal the .tflite file's, {WithinOneStep:P2} within one step ({Elements} elements of {ComparedImages} images)");
}

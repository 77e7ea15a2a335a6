using Sscma.Quantization.Reports;

namespace Sscma.Quantization;

/// <summary>What an export gives.</summary>
/// <param name="Tflite">The file.</param>
/// <param name="Report">What is in it and how well it follows the float model.</param>
public sealed record ExportResult(byte[] Tflite, ExportReport Report)
{
    /// <summary>The float ONNX file; null if it was not asked for.</summary>
    public byte[]? Onnx { get; init; }

    /// <summary>The quantized ONNX file; null if it was not asked for.</summary>
    public byte[]? OnnxQdq { get; init; }
}

using Sscma.Quantization.Reports;

namespace Sscma.Quantization;

/// <summary>What an export gives.</summary>
/// <param name="Tflite">The file.</param>
/// <param name="Report">What is in it and how well it follows the float model.</param>
public sealed record ExportResult(byte[] Tflite, ExportReport Report);

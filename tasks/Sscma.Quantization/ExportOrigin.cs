namespace Sscma.Quantization;

/// <summary>What a file is made from; stands in its metadata.</summary>
/// <param name="Model">SHA-256 of the ONNX file.</param>
/// <param name="Config">SHA-256 of the training's configuration; null when there was none.</param>
/// <param name="Dataset">SHA-256 of the training split's annotations.</param>
public sealed record ExportOrigin(string Model, string? Config, string? Dataset);

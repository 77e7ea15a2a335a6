namespace Sscma.Quantization;

/// <summary>What an export needs beside the model and the images.</summary>
public sealed record ExportOptions
{
    /// <summary>Class names, for an ONNX file that does not carry them; null if it must.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Images, from the start of the calibration images, on which the report compares int8 with float.</summary>
    public int ReportImages { get; init; } = 4;

    /// <summary>Choices that a user need not make.</summary>
    internal ConversionOptions Conversion { get; init; } = new();
}

using Sscma.Imaging;
using Sscma.Quantization.Calibration;

namespace Sscma.Quantization;

/// <summary>What an export needs beside the model and the images.</summary>
public sealed record ExportOptions
{
    /// <summary>Class names, for an ONNX file that does not carry them; null if it must.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Whether an ONNX file that is no RTMDet detector is converted as a plain network, with its outputs as they are; else it is an error.</summary>
    public bool AnyNetwork { get; init; }

    /// <summary>What the ONNX file expects of a pixel.</summary>
    public InputForm Input { get; init; } = new();

    /// <summary>How a whole picture comes to the input, whatever the ONNX file says; null leaves it to the file, and without a word of it the ratio is kept.</summary>
    public ResizeMode? Resize { get; init; }

    /// <summary>In which numbers the file computes.</summary>
    public Precision Precision { get; init; } = Precision.Int8;

    /// <summary>What is written beside the .tflite file. <see cref="ExportFormat.OnnxQdq"/> needs a quantized precision.</summary>
    public IReadOnlyCollection<ExportFormat> Formats { get; init; } = [ExportFormat.Tflite];

    /// <summary>How ranges are taken; null tries every method on calibration images and keeps the best.</summary>
    public RangeMethod? Calibration { get; init; } = RangeMethod.Mse;

    /// <summary>
    /// Take the ranges that the ONNX file has learnt, where it carries some and the file is an int8 one, whatever <see cref="Calibration"/> says. Its weights are made for
    /// these ranges: channels are not equalized then and biases not corrected.
    /// </summary>
    public bool PreferLearnt { get; init; }

    /// <summary>Whether channels are equalized across layers; null leaves it to a search for the best method, else no.</summary>
    public bool? Equalize { get; init; }

    /// <summary>Whether biases take back what rounding the weights adds to the mean.</summary>
    public bool CorrectBias { get; init; } = true;

    /// <summary>Images, from the start of the calibration images, on which the report compares the file with the float model.</summary>
    public int ReportImages { get; init; } = 4;

    /// <summary>Where the calibration images come from, in their order; empty when the caller does not say.</summary>
    public IReadOnlyList<CalibrationImage> ImageFiles { get; init; } = [];

    /// <summary>Digests of what the file is made from; null when the caller does not say.</summary>
    public ExportOrigin? Origin { get; init; }
}

using System.Globalization;
using Sscma.Diagnostics;
using Sscma.Imaging;
using Sscma.Quantization;
using Sscma.Quantization.Calibration;

namespace Sscma.Build.Worker.Exporting;

/// <summary>What the options file says about the form of the exported file.</summary>
internal static class ExportSettings
{
    private const string Search = "auto";

    /// <summary>Expected input, resize, precision, calibration, equalization, bias correction and formats.</summary>
    /// <exception cref="DiagnosticException">SSCMA3011: a word is not known.</exception>
    public static ExportOptions Read(WorkerOptions options) => new()
    {
        AnyNetwork = AnyNetwork(options),
        Input = InputOf(options),
        Resize = Named<ResizeMode>(options, "resize"),
        Precision = Named<Precision>(options, "precision") ?? Precision.Int8,
        Calibration = options.Optional("calibration") == Search ? null : Named<RangeMethod>(options, "calibration") ?? RangeMethod.Mse,
        PreferLearnt = options.Optional("calibration") is null,
        Equalize = options.Optional("equalize") is { } equalize ? equalize == "true" : null,
        CorrectBias = options.Optional("biasCorrection") != "false",
        Formats =
        [
            ExportFormat.Tflite,
            .. options.Optional("floatOnnx") is null ? (ExportFormat[])[] : [ExportFormat.Onnx],
            .. options.Optional("qdqOnnx") is null ? (ExportFormat[])[] : [ExportFormat.OnnxQdq],
        ],
    };

    /// <summary>Whether an ONNX file may be any network: the firmware runs detectors, other runtimes run everything.</summary>
    public static bool AnyNetwork(WorkerOptions options) => options.Optional("targetRuntime") is { } runtime && runtime != Evaluation.MetricsFile.Firmware;

    private static InputForm InputOf(WorkerOptions options)
    {
        var plain = new InputForm();
        return new InputForm
        {
            Means = Numbers(options, "inputMean") ?? plain.Means,
            Deviations = Numbers(options, "inputStd") ?? plain.Deviations,
            BlueFirst = options.Optional("inputChannels") == "BGR",
        };
    }

    private static float[]? Numbers(WorkerOptions options, string key)
    {
        if (options.Optional(key) is not { } text)
            return null;
        var numbers = text.Split(';').Select(word => float.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : float.NaN).ToArray();
        return numbers.All(float.IsFinite) ? numbers : throw new DiagnosticException(Codes.WorkerCommandLine, $"the option '{key}' is '{text}', expected numbers that are separated by semicolons");
    }

    private static T? Named<T>(WorkerOptions options, string key)
        where T : struct, Enum
    {
        if (options.Optional(key) is not { } word)
            return null;
        var names = Enum.GetNames<T>();
        return Array.Exists(names, name => name.Equals(word, StringComparison.OrdinalIgnoreCase))
            ? Enum.Parse<T>(word, ignoreCase: true)
            : throw new DiagnosticException(Codes.UnknownExportChoice, $"the option '{key}' is '{word}', expected one of {string.Join(", ", names).ToLowerInvariant()}");
    }
}

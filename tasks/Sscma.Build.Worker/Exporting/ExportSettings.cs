using System.Globalization;
using Sscma.Build.Worker.Evaluation;
using Sscma.Diagnostics;
using Sscma.Quantization;
using Sscma.Quantization.Calibration;

namespace Sscma.Build.Worker.Exporting;

/// <summary>What the options file says about the form of the exported file.</summary>
internal static class ExportSettings
{
    private const string Search = "auto";

    private static readonly Dictionary<string, TargetRuntime> Runtimes = new(StringComparer.OrdinalIgnoreCase)
    {
        [MetricsFile.Firmware] = TargetRuntime.SscmaMicro,
        ["generic"] = TargetRuntime.Generic,
    };

    /// <summary>Runtime, expected input, precision, calibration, equalization, bias correction and formats.</summary>
    /// <exception cref="DiagnosticException">SSCMA3011: a word is not known.</exception>
    public static ExportOptions Read(WorkerOptions options) => new()
    {
        Runtime = RuntimeOf(options),
        Input = new InputForm
        {
            Means = Numbers(options, "inputMean") ?? new InputForm().Means,
            Deviations = Numbers(options, "inputStd") ?? new InputForm().Deviations,
            BlueFirst = options.Optional("inputChannels") is { } order && order.Equals("bgr", StringComparison.OrdinalIgnoreCase),
        },
        Precision = Named<Precision>(options, "precision") ?? Precision.Int8,
        Calibration = options.Optional("calibration") == Search ? null : Named<RangeMethod>(options, "calibration") ?? RangeMethod.Mse,
        Equalize = options.Optional("equalize") is { } equalize ? equalize == "true" : null,
        CorrectBias = options.Optional("biasCorrection") != "false",
        Formats =
        [
            ExportFormat.Tflite,
            .. options.Optional("floatOnnx") is null ? (ExportFormat[])[] : [ExportFormat.Onnx],
            .. options.Optional("qdqOnnx") is null ? (ExportFormat[])[] : [ExportFormat.OnnxQdq],
        ],
    };

    /// <summary>The runtime that the file is for; the firmware unless said otherwise.</summary>
    /// <exception cref="DiagnosticException">SSCMA3011: it is not known.</exception>
    public static TargetRuntime RuntimeOf(WorkerOptions options)
    {
        var word = options.Optional("targetRuntime") ?? MetricsFile.Firmware;
        return Runtimes.TryGetValue(word, out var runtime)
            ? runtime
            : throw new DiagnosticException(Codes.UnknownExportChoice, $"the option 'targetRuntime' is '{word}', expected one of {string.Join(", ", Runtimes.Keys)}");
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

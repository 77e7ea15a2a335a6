using System.Text;
using System.Text.Json;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Imaging;
using Sscma.Onnx;
using Sscma.Quantization.Detectors;
using Sscma.Quantization.Import;
using Sscma.Quantization.Reports;
using Sscma.Tflite;
using Sscma.Tflite.Detection;

namespace Sscma.Quantization;

/// <summary>
/// An RTMDet detector as ONNX → a TFLite file: full-integer, as SSCMA-Micro firmware runs it, or of another precision with the same inputs and
/// outputs. The same model, images and options give the same bytes on the same machine.
/// </summary>
public static class TfliteExporter
{
    /// <summary>Below this many images ranges are a matter of luck.</summary>
    private const int FewImages = 10;

    /// <summary>Exports.</summary>
    /// <param name="model">The float model: input [1, 3, S, S] in 0..1, RGB; six raw outputs.</param>
    /// <param name="calibration">Images of the training split, each (3, S, S), RGB, 0..1.</param>
    /// <param name="options">Labels, precision, formats and report.</param>
    /// <param name="diagnostics">Takes warnings.</param>
    /// <exception cref="ArgumentException">A quantized ONNX file is asked for beside a float .tflite file.</exception>
    /// <exception cref="DiagnosticException">SSCMA3002 to 3008: the model cannot be exported; SSCMA3104: the result breaks the firmware's contract.</exception>
    public static ExportResult Export(OnnxModel model, IReadOnlyList<float[]> calibration, ExportOptions options, IDiagnosticSink diagnostics)
    {
        if (options.Formats.Contains(ExportFormat.OnnxQdq) && !options.Precision.IsQuantized())
            throw new ArgumentException($"a {options.Precision.Name()} export has no codes for the format {ExportFormat.OnnxQdq}", nameof(options));
        var head = DetectorHead.Find(OnnxImporter.Import(model));
        var labels = Labels(model, options, head.Classes);
        Check(calibration, head, options.Precision, diagnostics);

        var centered = head.Centered(model);
        var how = new ConversionOptions { Precision = options.Precision, Ranges = options.Calibration, Equalize = options.Equalize, CorrectBias = options.CorrectBias };
        var conversion = Converter.Convert(centered, calibration, how, (network, ranges) => FirmwareLayout.Apply(network, ranges, head));
        var metadata = new SscmaMetadata
        {
            Labels = labels,
            ImageSize = head.ImageSize,
            Strides = DetectorHead.Strides,
            PointOffset = 0.5f,
            Classes = FirmwareLayout.ScoreChannels(head.Classes),
            Input = new InputFacts { Resize = options.Resize ?? ResizeOf(model) },
            Precision = options.Precision.Name(),
            Origin = options.Origin is null ? null : Origin(options, conversion, calibration.Count),
        };
        var bytes = TfliteFile.Write(metadata.WriteTo(conversion.Model));
        CheckWritten(bytes, options.Precision);
        var report = ExportReport.Of(bytes, metadata, conversion, centered, calibration, options, how);
        var exporter = new OnnxExporter(metadata, calibration, options.ReportImages);
        (byte[] File, OnnxReport Report)? floats = options.Formats.Contains(ExportFormat.Onnx) ? exporter.Floats(FirmwareLayout.Apply(OnnxImporter.Import(centered), [], head)) : null;
        (byte[] File, OnnxReport Report)? pairs = options.Formats.Contains(ExportFormat.OnnxQdq) ? exporter.Pairs(conversion, diagnostics) : null;
        return new ExportResult(bytes, report with { Onnx = [.. new[] { floats?.Report, pairs?.Report }.OfType<OnnxReport>()] }) { Onnx = floats?.File, OnnxQdq = pairs?.File };
    }

    /// <summary>Side of the square image that a detector takes, in pixels.</summary>
    /// <exception cref="DiagnosticException">SSCMA3003, SSCMA3004, SSCMA3006: the model is no detector.</exception>
    public static int ImageSizeOf(OnnxModel model) => DetectorHead.Find(OnnxImporter.Import(model)).ImageSize;

    /// <summary>How a whole picture comes to a detector's input, as its file says.</summary>
    /// <exception cref="DiagnosticException">SSCMA3006: the file says something unknown.</exception>
    public static ResizeMode ResizeOf(OnnxModel model)
    {
        var text = model.Metadata.GetValueOrDefault(OnnxMetadata.Resize, nameof(ResizeMode.KeepRatio));
        if (Enum.GetNames<ResizeMode>().Contains(text))
            return Enum.Parse<ResizeMode>(text);
        throw new DiagnosticException(
            Codes.OnnxNotADetector,
            $"the ONNX file's metadata '{OnnxMetadata.Resize}' is '{text}'; {string.Join(" or ", Enum.GetNames<ResizeMode>())} was expected. Correct it, or say Resize on the SscmaModel item.");
    }

    private static OriginFacts Origin(ExportOptions options, Conversion conversion, int images)
    {
        var list = string.Concat(options.ImageFiles.Select(image => $"{image.Sha256}  {image.Name}\n"));
        var origin = new OriginFacts
        {
            Tool = typeof(TfliteExporter).Assembly.GetName().Version!.ToString(3),
            Model = options.Origin!.Model,
            Config = options.Origin.Config,
            Dataset = options.Origin.Dataset,
        };
        return conversion.Calibration is not { } calibration ? origin : origin with
        {
            Calibration = calibration.Name,
            CalibrationImages = images,
            CalibrationList = list.Length > 0 ? Digest.OfBytes(Encoding.UTF8.GetBytes(list)) : null,
        };
    }

    private static IReadOnlyList<string> Labels(OnnxModel model, ExportOptions options, int classes)
    {
        var labels = options.Labels;
        if (model.Metadata.TryGetValue(OnnxMetadata.Labels, out var json))
        {
            try
            {
                labels = JsonSerializer.Deserialize<string[]>(json);
            }
            catch (JsonException problem)
            {
                throw new DiagnosticException(
                    Diagnostic.Error(Codes.LabelsDoNotFit, $"the ONNX file's metadata '{OnnxMetadata.Labels}' is no JSON array of names: {problem.Message}"), problem);
            }
        }

        // A file of ours may have the class that never wins already.
        var widened = model.Metadata.ContainsKey(OnnxMetadata.ScoreChannels) && labels is not null && FirmwareLayout.ScoreChannels(labels.Count) == classes;
        if (labels is null || (labels.Count != classes && !widened))
        {
            throw new DiagnosticException(Codes.LabelsDoNotFit,
                $"the ONNX file has outputs for {classes} class(es), but {labels?.Count ?? 0} name(s) are known for them: {string.Join(", ", labels ?? [])}. "
                + "Train again if the dataset's categories changed.");
        }

        return labels;
    }

    private static void Check(IReadOnlyList<float[]> calibration, DetectorHead head, Precision precision, IDiagnosticSink diagnostics)
    {
        if (calibration.Count == 0 && !precision.IsQuantized())
            return;
        if (calibration.Count == 0)
            throw new DiagnosticException(Codes.CalibrationEmpty, "there is no image to calibrate with; the training split must have at least one");
        if (calibration.Count < FewImages && precision.IsQuantized())
            diagnostics.Report(Diagnostic.Warning(Codes.CalibrationSmall, $"the ranges of the {precision.Name()} file come from {calibration.Count} image(s) only; 100 or more make them reliable"));
        var length = 3 * head.ImageSize * head.ImageSize;
        if (calibration[0].Length != length)
            throw new ArgumentException($"calibration images must have {length} values (3, {head.ImageSize}, {head.ImageSize})", nameof(calibration));
    }

    /// <summary>Reads the bytes back, so that what is checked is what ships.</summary>
    private static void CheckWritten(byte[] bytes, Precision precision)
    {
        var written = TfliteFile.Read(bytes);
        TensorType[] types = precision switch
        {
            Precision.Int8 => [TensorType.Int8, TensorType.Int32],
            Precision.Int16x8 => [TensorType.Int16, TensorType.Int8, TensorType.Int32, TensorType.Int64],
            Precision.Float16 => [TensorType.Float32, TensorType.Float16, TensorType.Int32],
            _ => [TensorType.Float32, TensorType.Int32],
        };
        foreach (var tensor in written.Tensors)
        {
            if (!types.Contains(tensor.Type))
                throw new InvalidOperationException($"the {precision.Name()} file holds the {tensor.Type} tensor '{tensor.Name}'");
        }

        if (precision != Precision.Int8)
            return;
        var breaches = SscmaMicroContract.Check(written);
        if (breaches.Count > 0)
            throw new DiagnosticException(Codes.FirmwareContractBroken, $"SSCMA-Micro firmware would not run the file: {string.Join("; ", breaches)}");
    }
}

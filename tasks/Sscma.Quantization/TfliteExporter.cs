using System.Text;
using System.Text.Json;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Onnx;
using Sscma.Quantization.Detectors;
using Sscma.Quantization.Facts;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Import;
using Sscma.Quantization.Reports;
using Sscma.Tflite;
using Sscma.Tflite.Detection;

namespace Sscma.Quantization;

/// <summary>
/// An ONNX file → a TFLite file: an RTMDet detector, full-integer as SSCMA-Micro firmware runs it or of another precision with the same inputs and outputs;
/// or, for another runtime, any network of one image with its outputs as they are. The same model, images and options give the same bytes on the same machine.
/// </summary>
public static class TfliteExporter
{
    /// <summary>Below this many images ranges are a matter of luck.</summary>
    private const int FewImages = 10;

    /// <summary>Exports.</summary>
    /// <param name="model">The float model: input [1, C, H, W], what it expects of a pixel is <see cref="ExportOptions.Input"/>. A detector's is square and has six raw outputs.</param>
    /// <param name="calibration">Images of the training split, each (C, H, W), RGB or grey, pixel / 255.</param>
    /// <param name="options">Labels, precision, formats and report.</param>
    /// <param name="diagnostics">Takes warnings.</param>
    /// <exception cref="ArgumentException">A quantized ONNX file is asked for beside a float .tflite file.</exception>
    /// <exception cref="DiagnosticException">SSCMA3002 to 3008, SSCMA3015: the model cannot be exported; SSCMA3104: the result breaks the firmware's contract.</exception>
    public static ExportResult Export(OnnxModel model, IReadOnlyList<float[]> calibration, ExportOptions options, IDiagnosticSink diagnostics)
    {
        if (options.Formats.Contains(ExportFormat.OnnxQdq) && !options.Precision.IsQuantized())
            throw new ArgumentException($"a {options.Precision.Name()} export has no codes for the format {ExportFormat.OnnxQdq}", nameof(options));
        var built = options.Input.BuildInto(model);
        var network = OnnxImporter.Import(built);
        var head = HeadOf(network, options.Runtime);
        var labels = Labels(model, options, head?.Classes);
        Check(calibration, network.Input, options.Precision, diagnostics);

        var subject = head?.Centered(built) ?? built;
        Network Finish(Network read, Dictionary<Value, ValueRange> ranges) => head is null ? read : FirmwareLayout.Apply(read, ranges, head);
        var how = new ConversionOptions { Precision = options.Precision, Ranges = options.Calibration, Equalize = options.Equalize, CorrectBias = options.CorrectBias };
        var conversion = Converter.Convert(subject, calibration, how, Finish);
        var origin = options.Origin is null ? null : Origin(options, conversion, calibration.Count);
        var facts = head is null ? OfNetwork(network.Input, labels, options, origin) : OfDetector(head, labels, options, origin);
        var bytes = TfliteFile.Write(facts.WriteTo(conversion.Model));
        CheckWritten(bytes, options.Precision, isDetector: head is not null);
        var report = ExportReport.Of(bytes, facts, conversion, subject, calibration, options, how);
        var exporter = new OnnxExporter(facts, calibration, options.ReportImages);
        (byte[] File, OnnxReport Report)? floats = options.Formats.Contains(ExportFormat.Onnx) ? exporter.Floats(Finish(OnnxImporter.Import(subject), [])) : null;
        (byte[] File, OnnxReport Report)? pairs = options.Formats.Contains(ExportFormat.OnnxQdq) ? exporter.Pairs(conversion, diagnostics) : null;
        return new ExportResult(bytes, report with { Onnx = [.. new[] { floats?.Report, pairs?.Report }.OfType<OnnxReport>()] }) { Onnx = floats?.File, OnnxQdq = pairs?.File };
    }

    /// <summary>What a network takes, and whether it is a detector.</summary>
    /// <exception cref="DiagnosticException">SSCMA3003, SSCMA3004: it cannot be exported; SSCMA3006: it is no detector, and the firmware runs nothing else.</exception>
    public static NetworkInput InputOf(OnnxModel model, TargetRuntime runtime)
    {
        var network = OnnxImporter.Import(model);
        var head = HeadOf(network, runtime);
        return new NetworkInput(network.Input.Channels, network.Input.Height, network.Input.Width, head is not null);
    }

    /// <summary>The outputs of a detector; null for another network, where the runtime takes such.</summary>
    private static DetectorHead? HeadOf(Network network, TargetRuntime runtime)
    {
        if (runtime == TargetRuntime.SscmaMicro)
            return DetectorHead.Find(network);
        if (network.Input.Channels is not (1 or 3))
        {
            throw new DiagnosticException(Codes.OnnxInputUnknown,
                $"the ONNX graph's input '{network.Input.Name}' has {network.Input.Channels} channels; 3 (RGB) or 1 (grey) are known. The shape is [1, channels, height, width]: export a network with channels last in that order.");
        }

        return DetectorHead.Seek(network, out _);
    }

    private static FileFacts OfDetector(DetectorHead head, IReadOnlyList<string> labels, ExportOptions options, OriginFacts? origin) => new DetectorFacts(new SscmaMetadata
    {
        Labels = labels,
        ImageSize = head.ImageSize,
        Strides = DetectorHead.Strides,
        PointOffset = 0.5f,
        Classes = FirmwareLayout.ScoreChannels(head.Classes),
        Precision = options.Precision.Name(),
        Origin = origin,
    });

    private static FileFacts OfNetwork(Value input, IReadOnlyList<string> labels, ExportOptions options, OriginFacts? origin) => new NetworkFacts(new NetworkMetadata
    {
        Labels = labels,
        Input = new InputFacts { Channels = input.Channels == 1 ? "GREY" : "RGB" },
        Precision = options.Precision.Name(),
        Origin = origin,
    });

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

    private static IReadOnlyList<string> Labels(OnnxModel model, ExportOptions options, int? classes)
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

        // What the outputs of another network have to do with classes is not known.
        if (classes is not { } count)
            return labels ?? [];
        // A file of ours may have the class that never wins already.
        var widened = model.Metadata.ContainsKey(OnnxMetadata.ScoreChannels) && labels is not null && FirmwareLayout.ScoreChannels(labels.Count) == count;
        if (labels is null || (labels.Count != count && !widened))
        {
            throw new DiagnosticException(Codes.LabelsDoNotFit,
                $"the ONNX file has outputs for {count} class(es), but {labels?.Count ?? 0} name(s) are known for them: {string.Join(", ", labels ?? [])}. "
                + "Train again if the dataset's categories changed.");
        }

        return labels;
    }

    private static void Check(IReadOnlyList<float[]> calibration, Value input, Precision precision, IDiagnosticSink diagnostics)
    {
        if (calibration.Count == 0 && !precision.IsQuantized())
            return;
        if (calibration.Count == 0)
            throw new DiagnosticException(Codes.CalibrationEmpty, "there is no image to calibrate with; the training split must have at least one");
        if (calibration.Count < FewImages && precision.IsQuantized())
            diagnostics.Report(Diagnostic.Warning(Codes.CalibrationSmall, $"the ranges of the {precision.Name()} file come from {calibration.Count} image(s) only; 100 or more make them reliable"));
        if (calibration[0].Length != input.Count)
            throw new ArgumentException($"calibration images must have {input.Count} values ({input.Channels}, {input.Height}, {input.Width})", nameof(calibration));
    }

    /// <summary>Reads the bytes back, so that what is checked is what ships.</summary>
    private static void CheckWritten(byte[] bytes, Precision precision, bool isDetector)
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

        if (precision != Precision.Int8 || !isDetector)
            return;
        var breaches = SscmaMicroContract.Check(written);
        if (breaches.Count > 0)
            throw new DiagnosticException(Codes.FirmwareContractBroken, $"SSCMA-Micro firmware would not run the file: {string.Join("; ", breaches)}");
    }
}

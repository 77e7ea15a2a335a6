using System.Text;
using System.Text.Json;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Imaging;
using Sscma.Onnx;
using Sscma.Quantization.Calibration;
using Sscma.Quantization.Detectors;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Import;
using Sscma.Quantization.Reports;
using Sscma.Tflite;
using Sscma.Tflite.Detection;

namespace Sscma.Quantization;

/// <summary>
/// An RTMDet detector as ONNX → a TFLite file: full-integer, as SSCMA-Micro firmware runs it, or of another precision with the same inputs and
/// outputs. Any other network of one image → the same network as a TFLite file, its outputs as they are.
/// The same model, images and options give the same bytes on the same machine.
/// </summary>
public static class TfliteExporter
{
    /// <summary>Below this many images ranges are a matter of luck.</summary>
    private const int FewImages = 10;

    /// <summary>Exports.</summary>
    /// <param name="model">The float model: input [1, 3, S, S], six raw outputs. A plain network: input [1, C, H, W]. What it expects of a pixel is <see cref="ExportOptions.Input"/>.</param>
    /// <param name="calibration">Images of the training split, each (C, H, W), RGB or grey, 0..1.</param>
    /// <param name="options">Labels, precision, formats and report.</param>
    /// <param name="diagnostics">Takes warnings.</param>
    /// <exception cref="ArgumentException">A quantized ONNX file is asked for beside a float .tflite file.</exception>
    /// <exception cref="DiagnosticException">SSCMA3002 to 3008, SSCMA3013 to 3016: the model cannot be exported; SSCMA3104: the result breaks the firmware's contract.</exception>
    public static ExportResult Export(OnnxModel model, IReadOnlyList<float[]> calibration, ExportOptions options, IDiagnosticSink diagnostics)
    {
        if (options.Formats.Contains(ExportFormat.OnnxQdq) && !options.Precision.IsQuantized())
            throw new ArgumentException($"a {options.Precision.Name()} export has no codes for the format {ExportFormat.OnnxQdq}", nameof(options));
        model = options.Input.BuildInto(model);
        var network = OnnxImporter.Import(model);
        var head = HeadOf(network, options.AnyNetwork, out _);
        var labels = head is null ? LabelsIn(model) : Labels(model, options, head.Classes);
        Check(calibration, network.Input, options.Precision, diagnostics);

        var source = head?.Centered(model) ?? model;
        var how = HowTo(model, options);
        var conversion = Converter.Convert(source, calibration, how, InLayout);
        var origin = options.Origin is null ? null : Origin(options, conversion, calibration.Count);
        var resize = options.Resize ?? ResizeOf(model);
        var facts = head is null ? FactsOf(network, labels, options, resize, origin) : FactsOf(head, labels!, options, resize, origin);
        var bytes = TfliteFile.Write(facts.In(conversion.Model));
        CheckWritten(bytes, options.Precision, isDetector: head is not null);
        var report = ExportReport.Of(bytes, facts, conversion, source, calibration, options, how);
        var exporter = new OnnxExporter(facts, calibration, options.ReportImages);
        (byte[] File, OnnxReport Report)? floats = options.Formats.Contains(ExportFormat.Onnx) ? exporter.Floats(InLayout(OnnxImporter.Import(source), [])) : null;
        (byte[] File, OnnxReport Report)? pairs = options.Formats.Contains(ExportFormat.OnnxQdq) ? exporter.Pairs(conversion, diagnostics) : null;
        return new ExportResult(bytes, report with { Onnx = [.. new[] { floats?.Report, pairs?.Report }.OfType<OnnxReport>()] }) { Onnx = floats?.File, OnnxQdq = pairs?.File };

        Network InLayout(Network given, Dictionary<Value, ValueRange> ranges) => head is null ? given : FirmwareLayout.Apply(given, ranges, head);
    }

    /// <summary>What the model takes.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="anyNetwork">As <see cref="ExportOptions.AnyNetwork"/>.</param>
    /// <exception cref="DiagnosticException">SSCMA3003, SSCMA3004, SSCMA3006, SSCMA3015: the model cannot be exported.</exception>
    public static ModelInput InputOf(OnnxModel model, bool anyNetwork)
    {
        var network = OnnxImporter.Import(model);
        HeadOf(network, anyNetwork, out var unlike);
        return new ModelInput(network.Input.Channels, network.Input.Height, network.Input.Width, unlike);
    }

    /// <summary>The detector's outputs; null, with what is unlike a detector, for a plain network.</summary>
    private static DetectorHead? HeadOf(Network network, bool anyNetwork, out string? unlike)
    {
        unlike = null;
        if (!anyNetwork)
            return DetectorHead.Require(network);
        if (DetectorHead.Find(network, out unlike) is { } head)
            return head;
        return network.Input.Channels is 1 or 3 ? null : throw new DiagnosticException(
            Codes.NoImageInput,
            $"the input '{network.Input.Name}' of the ONNX file has {network.Input.Channels} channels; the images of the dataset can be given to a network with 3 (RGB) or 1 (grey)");
    }

    private static FileFacts FactsOf(DetectorHead head, IReadOnlyList<string> labels, ExportOptions options, ResizeMode resize, OriginFacts? origin) => new(
        new SscmaMetadata
        {
            Labels = labels,
            ImageSize = head.ImageSize,
            Strides = DetectorHead.Strides,
            PointOffset = 0.5f,
            Classes = FirmwareLayout.ScoreChannels(head.Classes),
            Input = new InputFacts { Resize = resize },
            Precision = options.Precision.Name(),
            Origin = origin,
        },
        null);

    private static FileFacts FactsOf(Network network, IReadOnlyList<string>? labels, ExportOptions options, ResizeMode resize, OriginFacts? origin) => new(
        null,
        new NetworkMetadata
        {
            Labels = labels,
            Input = new InputFacts { Channels = network.Input.Channels == 1 ? "GREY" : "RGB", Resize = resize },
            Precision = options.Precision.Name(),
            Origin = origin,
        });

    private static ConversionOptions HowTo(OnnxModel model, ExportOptions options)
    {
        var how = new ConversionOptions { Precision = options.Precision, Ranges = options.Calibration, Equalize = options.Equalize, CorrectBias = options.CorrectBias };
        var learnt = LearntRanges.Read(model);
        if (learnt is null && options.Calibration == RangeMethod.Learnt)
            throw new DiagnosticException(Codes.NothingLearnt, "learnt ranges are asked for, but the ONNX file carries none: only a model that was trained with Quantization=\"qat\" does");
        return learnt is null || options.Precision != Precision.Int8 || !(options.PreferLearnt || options.Calibration == RangeMethod.Learnt)
            ? how
            : how with { Ranges = RangeMethod.Learnt, Learnt = learnt, Equalize = false, CorrectBias = false };
    }

    /// <summary>How a whole picture comes to the input, as its file says.</summary>
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
        var labels = model.Metadata.ContainsKey(OnnxMetadata.Labels) ? LabelsIn(model) : options.Labels;
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

    private static string[]? LabelsIn(OnnxModel model)
    {
        if (!model.Metadata.TryGetValue(OnnxMetadata.Labels, out var json))
            return null;
        try
        {
            return JsonSerializer.Deserialize<string[]>(json);
        }
        catch (JsonException problem)
        {
            throw new DiagnosticException(
                Diagnostic.Error(Codes.LabelsDoNotFit, $"the ONNX file's metadata '{OnnxMetadata.Labels}' is no JSON array of names: {problem.Message}"), problem);
        }
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

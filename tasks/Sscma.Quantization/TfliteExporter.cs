using System.Text.Json;
using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Quantization.Detectors;
using Sscma.Quantization.Import;
using Sscma.Quantization.Reports;
using Sscma.Tflite;
using Sscma.Tflite.Detection;

namespace Sscma.Quantization;

/// <summary>
/// An RTMDet detector as ONNX → the full-integer TFLite file that SSCMA-Micro firmware runs. The same model, images and
/// options give the same bytes on the same machine.
/// </summary>
public static class TfliteExporter
{
    /// <summary>Below this many images ranges are a matter of luck.</summary>
    private const int FewImages = 10;

    /// <summary>Exports.</summary>
    /// <param name="model">The float model: input [1, 3, S, S] in 0..1, RGB; six raw outputs.</param>
    /// <param name="calibration">Images of the training split, each (3, S, S), RGB, 0..1.</param>
    /// <param name="options">Labels and report.</param>
    /// <param name="diagnostics">Takes warnings.</param>
    /// <exception cref="DiagnosticException">SSCMA3002 to 3008: the model cannot be exported; SSCMA3104: the result breaks the firmware's contract.</exception>
    public static ExportResult Export(OnnxModel model, IReadOnlyList<float[]> calibration, ExportOptions options, IDiagnosticSink diagnostics)
    {
        var head = DetectorHead.Find(OnnxImporter.Import(model));
        var labels = Labels(model, options, head.Classes);
        Check(calibration, head, diagnostics);

        var centered = head.Centered(model);
        var conversion = Int8Converter.Convert(
            centered, calibration, options.Conversion, (network, ranges) => FirmwareLayout.Apply(network, ranges, head));
        var metadata = new SscmaMetadata
        {
            Labels = labels,
            ImageSize = head.ImageSize,
            Strides = DetectorHead.Strides,
            PointOffset = 0.5f,
            Classes = FirmwareLayout.ScoreChannels(head.Classes),
        };
        var bytes = TfliteFile.Write(metadata.WriteTo(conversion.Model));
        CheckWritten(bytes);
        var report = ExportReport.Of(bytes, metadata, conversion, centered, calibration, options);
        return new ExportResult(bytes, report);
    }

    /// <summary>Side of the square image that a detector takes, in pixels.</summary>
    /// <exception cref="DiagnosticException">SSCMA3003, SSCMA3004, SSCMA3006: the model is no detector.</exception>
    public static int ImageSizeOf(OnnxModel model) => DetectorHead.Find(OnnxImporter.Import(model)).ImageSize;

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

        if (labels is null || labels.Count != classes)
        {
            throw new DiagnosticException(Codes.LabelsDoNotFit,
                $"the ONNX file has outputs for {classes} class(es), but {labels?.Count ?? 0} name(s) are known for them: {string.Join(", ", labels ?? [])}. "
                + "Train again if the dataset's categories changed.");
        }

        return labels;
    }

    private static void Check(IReadOnlyList<float[]> calibration, DetectorHead head, IDiagnosticSink diagnostics)
    {
        if (calibration.Count == 0)
            throw new DiagnosticException(Codes.CalibrationEmpty, "there is no image to calibrate with; the training split must have at least one");
        if (calibration.Count < FewImages)
            diagnostics.Report(Diagnostic.Warning(Codes.CalibrationSmall, $"the ranges of the int8 file come from {calibration.Count} image(s) only; 100 or more make them reliable"));
        var length = 3 * head.ImageSize * head.ImageSize;
        if (calibration[0].Length != length)
            throw new ArgumentException($"calibration images must have {length} values (3, {head.ImageSize}, {head.ImageSize})", nameof(calibration));
    }

    /// <summary>Reads the bytes back, so that what is checked is what ships.</summary>
    private static void CheckWritten(byte[] bytes)
    {
        var written = TfliteFile.Read(bytes);
        foreach (var tensor in written.Tensors)
        {
            if (tensor.Type is not (TensorType.Int8 or TensorType.Int32))
                throw new InvalidOperationException($"the int8 file holds the {tensor.Type} tensor '{tensor.Name}'");
        }

        var breaches = SscmaMicroContract.Check(written);
        if (breaches.Count > 0)
            throw new DiagnosticException(Codes.FirmwareContractBroken, $"SSCMA-Micro firmware would not run the file: {string.Join("; ", breaches)}");
    }
}

using Sscma.Build.Worker.Exporting;
using Sscma.Coco;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Onnx;
using Sscma.Quantization;

namespace Sscma.Build.Worker.Verbs;

/// <summary><c>export</c>: from the float ONNX file and images of the training split to the .tflite, the ONNX files that were asked for, and export.json.</summary>
internal sealed class ExportVerb : IVerb
{
    private const int UsualImages = 100;

    /// <inheritdoc/>
    public string Name => "export";

    /// <inheritdoc/>
    public void Run(WorkerOptions options, WorkerContext context)
    {
        var name = options.Required("model");
        var (tflite, report) = (options.Required("tflite"), Path.Combine(options.Required("workFolder"), "export.json"));
        var onnx = options.Required("onnx");
        var model = OnnxFile.Read(onnx);
        var dataset = CocoDataset.Load(SplitOptions.Required(options, "train"), new ErrorsOnly(context.Diagnostics));
        var settings = ExportSettings.Read(options);
        var count = options.Integer("calibrationImages") ?? UsualImages;
        settings = settings with { Resize = settings.Resize ?? TfliteExporter.ResizeOf(model) };
        // A float file has no ranges; some images show how well it follows the model.
        if (!settings.Precision.IsQuantized())
            count = Math.Min(count, settings.ReportImages);
        var images = CalibrationSet.Load(
            dataset.Images, count, options.Integer("seed") ?? 0, TfliteExporter.InputOf(model, settings.AnyNetwork), settings.Resize.Value, context.Cancellation);
        var use = settings.Precision.IsQuantized() ? "calibrating on" : "compared on";
        context.Console.WriteLine($"{name}: {settings.Precision.Name()} export, {use} {images.Count} of {dataset.Images.Count} training images");

        var config = options.Optional("effectiveConfig");
        settings = settings with
        {
            Labels = [.. dataset.Categories.Select(category => category.Name)],
            ImageFiles = settings.Precision.IsQuantized() ? images.Files : [],
            Origin = new ExportOrigin(Digest.OfFile(onnx), File.Exists(config) ? Digest.OfFile(config) : null, dataset.AnnotationDigest()),
        };
        var result = TfliteExporter.Export(model, images, settings, context.Diagnostics);
        context.Cancellation.ThrowIfCancellationRequested();
        foreach (var line in result.Report.Summary())
            context.Console.WriteLine($"{name}: {line}");
        AtomicFile.WriteAllText(report, result.Report.ToJson());
        if (result.Onnx is { } floats)
            AtomicFile.WriteAllBytes(options.Required("floatOnnx"), floats);
        if (result.OnnxQdq is { } pairs)
            AtomicFile.WriteAllBytes(options.Required("qdqOnnx"), pairs);
        AtomicFile.WriteAllBytes(tflite, result.Tflite);
    }

    /// <summary>The training has told the dataset's warnings already.</summary>
    private sealed class ErrorsOnly(IDiagnosticSink sink) : IDiagnosticSink
    {
        public void Report(Diagnostic diagnostic)
        {
            if (diagnostic.Severity == Severity.Error)
                sink.Report(diagnostic);
        }
    }
}

using Sscma.Build.Worker.Exporting;
using Sscma.Coco;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Onnx;
using Sscma.Quantization;

namespace Sscma.Build.Worker.Verbs;

/// <summary><c>export</c>: from the float ONNX file and images of the training split to the full-integer .tflite and its export.json.</summary>
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
        var model = OnnxFile.Read(options.Required("onnx"));
        var dataset = CocoDataset.Load(SplitOptions.Required(options, "train"), new ErrorsOnly(context.Diagnostics));
        var count = options.Integer("calibrationImages") ?? UsualImages;
        var images = CalibrationSet.Load(dataset.Images, count, options.Integer("seed") ?? 0, TfliteExporter.ImageSizeOf(model), context.Cancellation);
        context.Console.WriteLine($"{name}: int8 export, calibrating on {images.Count} of {dataset.Images.Count} training images");

        var labels = dataset.Categories.Select(category => category.Name).ToList();
        var result = TfliteExporter.Export(model, images, new ExportOptions { Labels = labels }, context.Diagnostics);
        context.Cancellation.ThrowIfCancellationRequested();
        foreach (var line in result.Report.Summary())
            context.Console.WriteLine($"{name}: {line}");
        AtomicFile.WriteAllText(report, result.Report.ToJson());
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

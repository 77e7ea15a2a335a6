using System.Text.Json;
using Sscma.Build.Worker.Evaluation;
using Sscma.Coco;
using Sscma.Coco.Evaluation;
using Sscma.Detection;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Tflite;
using Sscma.Tflite.Detection;

namespace Sscma.Build.Worker.Verbs;

/// <summary>
/// Scores the .tflite that ships: runs the file itself over the validation split and measures COCO mAP.
/// An int8 file for the device is also scored as the device runs it. A plain network has no score: metrics.json says so.
/// Options: model, tflite, the split val and, if there is one, test (<see cref="SplitOptions"/>), metrics; optional: report, training, export, dataRoot,
/// targetRuntime (sscma-micro unless given).
/// </summary>
internal sealed class EvaluateVerb : IVerb
{
    /// <inheritdoc/>
    public string Name => "evaluate";

    /// <inheritdoc/>
    public void Run(WorkerOptions options, WorkerContext context)
    {
        var metrics = options.Required("metrics");
        var report = options.Optional("report") ?? Path.Combine(Path.GetDirectoryName(metrics)!, "evaluation.txt");
        try
        {
            var model = ReadModel(options.Required("tflite"));
            if (InFile(options.Required("tflite"), () => NetworkMetadata.IsIn(TfliteFile.Read(model))))
            {
                context.Console.WriteLine($"{options.Required("model")}: not scored: {UnscoredFile.Reason}");
                AtomicFile.WriteAllText(report, UnscoredFile.Report(options.Required("model"), model));
                UnscoredFile.WriteMetrics(metrics, options.Required("model"), model);
                return;
            }

            var scored = Score(model, options, context);
            foreach (var line in EvaluationReport.Lines(scored))
                context.Console.WriteLine(line);
            AtomicFile.WriteAllText(report, EvaluationReport.Text(scored));
            MetricsFile.Write(metrics, scored);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // Numbers of an earlier run must not pass for those of this one.
            File.Delete(metrics);
            File.Delete(report);
            throw;
        }
    }

    private static ScoredModel Score(byte[] model, WorkerOptions options, WorkerContext context)
    {
        var file = options.Required("tflite");
        var detector = InFile(file, () => new TfliteDetector(model));
        var scored = ScoreSplit("val", SplitOptions.Required(options, "val"), detector, model, options, context) with
        {
            Lineage = LineageOf(options.Optional("training")),
        };
        return SplitOptions.Optional(options, "test") is { Count: > 0 } test ? scored with { Test = ScoreSplit("test", test, detector, model, options, context) } : scored;
    }

    private static ScoredModel ScoreSplit(
        string split, IReadOnlyList<DatasetPart> parts, TfliteDetector detector, byte[] model, WorkerOptions options, WorkerContext context)
    {
        var file = options.Required("tflite");
        var dataset = CocoDataset.Load(parts, context.Diagnostics, allowEmpty: true);
        // The training has warned of classes that it does not know, but it does not see the test split.
        if (dataset.IsByName)
            dataset = dataset.WithClasses(detector.Labels, split == "test" ? context.Diagnostics : new DiagnosticList());
        RequireGroundTruth(dataset, split);
        CalibrationOverlap.Check(options.Optional("export"), model, dataset, context.Diagnostics);
        var labels = ClassMap.Of(detector.Labels, dataset);

        var decoding = new DecodeOptions { PointOffset = detector.PointOffset };
        var withoutDevice = WithoutDevice(detector, options);
        var firmware = withoutDevice is null ? new FirmwareOptions() : null;
        var progress = new ProgressLines(options.Required("model"), dataset.Images.Count, context.Console);
        var (usual, asDevice) = InFile(file, () => new DetectionRun(model, dataset, decoding, firmware).Run(labels, progress.Done, context.Cancellation));
        var result = Evaluate(dataset, usual);
        if (result.Stats[0] < 0)
            throw new DiagnosticException(Codes.MapUndefined, "the mAP could not be computed: no annotation counts. Are their areas below 0 or above 1e10?", dataset.AnnotationFile);
        return new ScoredModel(options.Required("model"), model, dataset, options.Optional("dataRoot"), decoding, usual.Count, result)
        {
            Resize = detector.Resize,
            Device = firmware is null ? null : new DeviceView(firmware, asDevice.Count, Evaluate(dataset, asDevice)),
            WithoutDevice = withoutDevice,
        };
    }

    private static EvaluationResult Evaluate(CocoDataset dataset, List<CocoDetection> detections) => CocoEvaluator.Evaluate(new EvaluationInput(
        [.. dataset.Images.Select(image => image.Id)], [.. dataset.Categories.Select(category => category.Id)], dataset.Annotations, detections));

    /// <summary>Why nothing can be said of a device; null when the firmware runs the file.</summary>
    private static string? WithoutDevice(TfliteDetector detector, WorkerOptions options) =>
        (options.Optional("targetRuntime") ?? MetricsFile.Firmware) != MetricsFile.Firmware ? $"the model's TargetRuntime is {options.Optional("targetRuntime")}"
        : !detector.RunsOnDevice ? "the SSCMA-Micro firmware runs int8 files only"
        : null;

    /// <summary>From which trainings a warm start made the weights; null for a training from scratch, or a model that was not trained here.</summary>
    private static JsonElement? LineageOf(string? trainingReport)
    {
        if (trainingReport is null || !File.Exists(trainingReport))
            return null;
        using var report = JsonDocument.Parse(File.ReadAllBytes(trainingReport));
        return report.RootElement.TryGetProperty("lineage", out var lineage) ? lineage.Clone() : null;
    }

    private static byte[] ReadModel(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DiagnosticException(Diagnostic.Error(Codes.ModelFileMissing, "the .tflite file is not there. Build with the target SscmaExport.", path), problem);
        }
    }

    private static void RequireGroundTruth(CocoDataset dataset, string split)
    {
        var (name, metadata) = split == "test" ? ("test", "TestAnnFile") : ("validation", "ValAnnFile");
        if (dataset.Images.Count == 0)
            throw new DiagnosticException(Codes.NoValidationImages, $"the {name} split lists no images: nothing can be measured. Check {metadata}.", dataset.AnnotationFile);
        if (!dataset.Objects.Any(item => !item.IsCrowd))
        {
            throw new DiagnosticException(
                Codes.NoGroundTruth,
                $"none of the {dataset.Images.Count} images of the {name} split has an object to find: nothing can be measured. Annotate them, or check {metadata}.",
                dataset.AnnotationFile);
        }
    }

    /// <summary>Whoever reads bytes does not know their file; the user wants to.</summary>
    private static T InFile<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DiagnosticException problem) when (problem.Diagnostic.File is null)
        {
            throw new DiagnosticException(problem.Diagnostic with { File = path }, problem);
        }
    }
}

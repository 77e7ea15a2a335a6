using Sscma.Build.Worker.Exporting;
using Sscma.Coco;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Onnx;
using Sscma.Quantization;
using Sscma.Training;
using Sscma.Training.Configuration;

namespace Sscma.Build.Worker;

/// <summary>A model that starts with a file of the user instead of a training: its model.onnx is made from that file.</summary>
internal static class GivenModel
{
    // What a training would have left here belongs to another model now.
    private static readonly string[] OfTraining = ["weights.safetensors", "training.json", "config.effective.yaml", "train.log", "train.jsonl", "train.html"];

    /// <summary>Checks that the exporter can take an ONNX file, and copies it.</summary>
    /// <exception cref="DiagnosticException">SSCMA3001, 3003, 3004: it is no ONNX file, or cannot be exported; SSCMA3006: it is no detector, and the firmware runs nothing else.</exception>
    public static void TakeOnnx(string file, WorkerOptions options, WorkerContext context)
    {
        var folder = options.Required("workFolder");
        var input = InFile(file, () => TfliteExporter.InputOf(OnnxFile.Read(file), ExportSettings.RuntimeOf(options)));
        Forget(folder);
        AtomicFile.WriteAllBytes(Path.Combine(folder, "model.onnx"), File.ReadAllBytes(file));
        context.Console.WriteLine($"{options.Required("model")}: model.onnx is a copy of '{file}', {(input.IsDetector ? "a detector" : "a network whose outputs are no detector's")} for images of {input.Width}x{input.Height} pixels; nothing is trained");
    }

    /// <summary>Fills the network of the configuration with weights, and writes it as ONNX.</summary>
    /// <exception cref="DiagnosticException">SSCMA2005: the weights belong to another network or other classes; SSCMA10xx: the training split.</exception>
    public static void TakeWeights(string file, DetectorConfig config, WorkerOptions options, WorkerContext context)
    {
        var folder = options.Required("workFolder");
        var labels = CocoDataset.Load(SplitOptions.Required(options, "train"), context.Diagnostics).Categories.Select(category => category.Name).ToList();
        var effective = config with { Model = config.Model with { NumClasses = labels.Count } };
        Forget(folder);
        DetectorTrainer.FromWeights(file, effective, labels, Path.Combine(folder, "weights.safetensors"), Path.Combine(folder, "model.onnx"));
        AtomicFile.WriteAllText(Path.Combine(folder, "config.effective.yaml"), ConfigWriter.ToYaml(effective));
        context.Console.WriteLine($"{options.Required("model")}: model.onnx has the weights of '{file}' ({labels.Count} classes); nothing is trained");
    }

    private static void Forget(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var name in OfTraining)
            File.Delete(Path.Combine(folder, name));
    }

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

using Sscma.Build.Worker;
using Sscma.Files;

namespace Sscma.Build.StandIn;

/// <summary>"Weights" that depend on what a training depends on.</summary>
internal sealed class TrainStandIn : IVerb
{
    public string Name => "train";

    public void Run(WorkerOptions options, WorkerContext context)
    {
        var folder = options.Required("workFolder");
        if (options.Optional("startOnnx") is { } onnx)
        {
            AtomicFile.WriteAllText(Path.Combine(folder, "model.onnx"), "copy of " + Digest.OfFile(onnx));
            return;
        }

        var text = string.Join('\n', new[] { "seed", "maxEpochs", "cfgOptions" }.Select(key => $"{key}={options.Optional(key)}")) + string.Concat(Annotations(options).Select(Digest.OfFile));
        AtomicFile.WriteAllText(Path.Combine(folder, "train.log"), "trained\n");
        AtomicFile.WriteAllText(Path.Combine(folder, "training.json"), "{}\n");
        AtomicFile.WriteAllText(Path.Combine(folder, "weights.safetensors"), "weights " + text);
        AtomicFile.WriteAllText(Path.Combine(folder, "model.onnx"), "onnx " + text);
        AtomicFile.WriteAllText(Path.Combine(folder, "config.effective.yaml"), $"# {text}\n");
    }

    private static IEnumerable<string> Annotations(WorkerOptions options) => options.Integer("train.count") is { } count
        ? Enumerable.Range(0, count).Select(i => options.Required($"train.{i}.annotations"))
        : [options.Required("trainAnnotations")];
}

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
        var text = string.Join('\n', new[] { "seed", "maxEpochs", "cfgOptions" }.Select(key => $"{key}={options.Optional(key)}"))
            + Digest.OfFile(options.Required("trainAnnotations"));
        AtomicFile.WriteAllText(Path.Combine(folder, "train.log"), "trained\n");
        AtomicFile.WriteAllText(Path.Combine(folder, "training.json"), "{}\n");
        AtomicFile.WriteAllText(Path.Combine(folder, "weights.safetensors"), "weights " + text);
        AtomicFile.WriteAllText(Path.Combine(folder, "model.onnx"), "onnx " + text);
    }
}

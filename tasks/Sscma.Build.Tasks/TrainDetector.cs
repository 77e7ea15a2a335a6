using Sscma.Build.Tasks.Models;

namespace Sscma.Build.Tasks;

/// <summary>Images and boxes become weights.safetensors and model.onnx. The long one: minutes to hours.</summary>
public sealed class TrainDetector : WorkerTask
{
    private protected override string Verb => "train";

    private protected override string? Announcement(ResolvedModel model) =>
        !model.IsTrained ? null : $"{model.Name}: training; its progress is also in the file '{model.PathOf("train.log")}' (follow it with: tail -f)";
}

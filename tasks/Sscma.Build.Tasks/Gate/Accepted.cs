using System.IO;
using Sscma.Build.Tasks.Keys;
using Sscma.Build.Tasks.Models;

namespace Sscma.Build.Tasks.Gate;

/// <summary>
/// The weights of the last model that passed its gate, kept apart: what a warm start goes on from, whatever became of the training after it.
/// </summary>
internal static class Accepted
{
    private const string Folder = "accepted";
    private const string Weights = "weights.safetensors";
    private const string Report = "training.json";

    /// <summary>The kept weights.</summary>
    public static string WeightsFile(ResolvedModel model) => model.PathOf($"{Folder}/{Weights}");

    /// <summary>
    /// What decides a warm start: the digests of the weights and of the report of their training, and how long it goes on when the user has said so.
    /// Null when nothing was accepted yet.
    /// </summary>
    public static string? Start(ResolvedModel model, DigestCache digests)
    {
        if (digests.Of(WeightsFile(model)) is not { } weights || digests.Of(model.PathOf($"{Folder}/{Report}")) is not { } report)
            return null;
        var epochs = model["WarmStartEpochs"];
        return epochs.Length == 0 ? $"{weights} {report}" : $"{weights} {report} {epochs}";
    }

    /// <summary>Keeps what is in the work folder. A model that was not trained here has nothing to keep.</summary>
    public static void Keep(ResolvedModel model, DigestCache digests)
    {
        foreach (var name in new[] { Report, Weights })
        {
            var source = model.PathOf(name);
            var kept = model.PathOf($"{Folder}/{name}");
            if (digests.Of(source) is not { } digest)
                return;
            if (digests.Of(kept) == digest)
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
            var beside = $"{kept}.{Path.GetRandomFileName()}.tmp";
            File.Copy(source, beside);
            if (File.Exists(kept))
                File.Delete(kept);
            File.Move(beside, kept);
        }
    }
}

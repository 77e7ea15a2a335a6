using System.IO;
using System.Linq;
using Sscma.Build.Stages;
using Sscma.Build.Tasks.Files;
using Sscma.Build.Tasks.Keys;
using Sscma.Build.Tasks.Models;

namespace Sscma.Build.Tasks.Gate;

/// <summary>
/// The training behind the last model that passed its gate, kept apart: what a warm start goes on from and what SscmaTrain=IfMissing goes back to,
/// whatever became of the trainings after it.
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

    /// <summary>Keeps what the training has left in the work folder. A model that was not trained here has nothing to keep.</summary>
    public static void Keep(Stage train, DigestCache digests)
    {
        if (!train.Records.Contains(Report) || digests.Of(train.StampFile) is not { } stamp || digests.Of(KeptStamp(train)) == stamp)
            return;
        // The stamp goes first and comes last: without it the rest counts for nothing.
        Directory.CreateDirectory(train.Model.PathOf(Folder));
        File.Delete(KeptStamp(train));
        foreach (var name in train.Outputs.Concat(train.Records))
            Copy(train.Model.PathOf(name), Kept(train, name));
        Copy(train.StampFile, KeptStamp(train));
    }

    /// <summary>The digest of the key under which it was made, or null.</summary>
    public static string? KeyDigest(Stage train) => StageStamp.KeyDigest(TextFile.Read(KeptStamp(train)));

    /// <summary>Puts what was accepted last into the work folder, unless it is there. False when nothing was accepted, or it is not whole.</summary>
    public static bool Restore(Stage train, DigestCache digests)
    {
        var stamp = TextFile.Read(KeptStamp(train));
        if (!StageStamp.OutputsStand(stamp, train.Outputs, name => digests.Of(Kept(train, name))))
            return false;
        if (StageStamp.OutputsStand(stamp, train.Outputs, name => digests.Of(train.Model.PathOf(name)))
            && StageStamp.Outputs(TextFile.Read(train.StampFile)).SequenceEqual(StageStamp.Outputs(stamp)))
            return true;
        foreach (var name in train.Outputs.Concat(train.Records))
            Copy(Kept(train, name), train.Model.PathOf(name));
        Copy(KeptStamp(train), train.StampFile);
        return true;
    }

    private static string Kept(Stage train, string name) => train.Model.PathOf($"{Folder}/{name}");

    private static string KeptStamp(Stage train) => Kept(train, Path.GetFileName(train.StampFile));

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
            BinaryFile.CopyIfDifferent(from, to);
    }
}

using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Sscma.Build.Stages;
using Sscma.Build.Tasks.Cache;
using Sscma.Build.Tasks.Files;
using Sscma.Build.Tasks.Gate;
using Sscma.Build.Tasks.Keys;
using Sscma.Build.Tasks.Models;
using Sscma.Build.Tasks.Reporting;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks;

/// <summary>
/// Decides, for one stage of every model, whether it must run. It writes the key: everything that decides the stage's result, as text. A stage is up
/// to date when its stamp carries the digest of this key and its outputs are the bytes that the stamp names; time stamps play no part. If it is not,
/// the result may be in the cache, and is copied from there.
/// MSBuild, which knows only time stamps, is then told so: the key is older than the stamp exactly when the stage is up to date.
/// </summary>
public sealed class PrepareStage : FileTask
{
    private BuildMemory _memory = null!;

    /// <summary>train, export, evaluate or embed.</summary>
    [Required]
    public string Stage { get; set; } = "";

    /// <summary>The models of <see cref="ResolveModels"/>.</summary>
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>The worker's assembly: its code is part of what decides a result.</summary>
    [Required]
    public string Worker { get; set; } = "";

    /// <summary>The file of digests that are remembered by path, size and time stamp.</summary>
    [Required]
    public string DigestCache { get; set; } = "";

    /// <inheritdoc/>
    private protected override bool Run()
    {
        _memory = BuildMemory.Of(BuildEngine, DigestCache);
        var maker = new StageKey(_memory, Worker);
        foreach (var item in Models)
            Prepare(Keys.Stage.Of(Stage, new ResolvedModel(item)), maker);
        _memory.Digests.Save();
        return !Log.HasLoggedErrors;
    }

    private void Prepare(Stage stage, StageKey maker)
    {
        var cache = ModelCache.Of(stage.Model);
        var lineage = new Lineage(_memory.Digests, stage, cache);
        var plain = maker.Text(stage);
        var key = lineage.Continue(plain);
        var stamp = TextFile.Read(stage.StampFile);
        foreach (var leftover in stage.Leftovers.Select(stage.Model.PathOf).Where(File.Exists))
            File.Delete(leftover);
        if (IsCurrent(stage, key, stamp) || Narrow(stage, key, stamp) || RestoreAccepted(stage, key) || Restore(stage, key, cache))
        {
            WriteKey(stage, key);
            Order(stage, current: true);
            return;
        }

        key = lineage.Begin(key, plain);
        WriteKey(stage, key);
        var reason = Reason(stage, StageStamp.Key(stamp), key);
        var kept = stage.Name == "train" && stage.Model.IsTrained && !MayTrain(stage, stamp, reason);
        Order(stage, current: kept);
        if (!kept)
            Announce(stage, reason, again: stamp is not null);
    }

    private bool IsCurrent(Stage stage, string key, string? stamp) =>
        StageStamp.KeyDigest(stamp) == Sha256.OfText(key) && Stands(stage, stamp);

    private bool Stands(Stage stage, string? stamp) =>
        StageStamp.OutputsStand(stamp, stage.Outputs, output => _memory.Digests.Of(stage.Model.PathOf(output)));

    /// <summary>A stage that is asked for fewer files than it has left is done: the others are the same.</summary>
    private bool Narrow(Stage stage, string key, string? stamp)
    {
        static IEnumerable<KeyValuePair<string, string>> Content(string text) => StageKey.Lines(text).Where(line => line.Key != Keys.Stage.Formats);
        if (stage.Leftovers.Count == 0 || StageStamp.Key(stamp) is not { } before || !Content(before).SequenceEqual(Content(key)))
            return false;
        var kept = StageStamp.Outputs(stamp).Where(output => stage.Outputs.Contains(output.Name)).Select(output => new KeyValuePair<string, string>(output.Name, output.Digest));
        var narrowed = StageStamp.Text(key, Sha256.OfText(key), kept);
        if (!Stands(stage, narrowed))
            return false;
        TextFile.Write(stage.StampFile, narrowed);
        return true;
    }

    /// <summary>The last accepted training may be the one that is wanted: after a trial that failed, or a branch and back.</summary>
    private bool RestoreAccepted(Stage stage, string key)
    {
        if (stage.Name != "train" || Accepted.KeyDigest(stage) != Sha256.OfText(key) || !Accepted.Restore(stage, _memory.Digests))
            return false;
        Log.LogMessage(MessageImportance.High, "{0}", $"{stage.Model.Name}: {stage.Name}: taken from the last accepted model");
        return true;
    }

    private bool Restore(Stage stage, string key, ModelCache cache)
    {
        var digest = Sha256.OfText(key);
        var outputs = cache.Restore(stage, digest, out var remark);
        if (remark is not null)
            Log.Warning(Codes.CacheTrouble, $"the model '{stage.Model.Name}': {remark}", stage.Model.Project);
        if (outputs is null)
            return false;
        if (stage.Name == "embed")
            Embedded.RemoveOthers(stage.Model);
        TextFile.Write(stage.StampFile, StageStamp.Text(key, digest, outputs));
        Log.LogMessage(MessageImportance.High, "{0}", $"{stage.Model.Name}: {stage.Name}: taken from the cache");
        return true;
    }

    /// <summary>Whether a training that is due may begin. If not, the one that is there is kept (a warning), or the build fails.</summary>
    private bool MayTrain(Stage stage, string? stamp, string reason)
    {
        var model = stage.Model;
        switch (model["TrainWhen"])
        {
            case TrainWhen.Never:
                Log.Error(
                    Codes.TrainingForbidden,
                    $"the model '{model.Name}' would have to be trained ({reason}), and SscmaTrain=Never forbids it. Build where training is allowed, with a cache (SscmaCacheDir) that this machine can read.", model.Project);
                return false;
            case TrainWhen.IfMissing when Accepted.Restore(stage, _memory.Digests) || Stands(stage, stamp):
                Log.Warning(
                    Codes.TrainingPostponed,
                    $"the model '{model.Name}' is that of an earlier build ({reason}): SscmaTrain=IfMissing keeps the one that was accepted last. Build without SscmaTrain to train again.", model.Project);
                return false;
            default:
                return true;
        }
    }

    /// <summary>An equal key is not written again; its time stamp means something.</summary>
    private static void WriteKey(Stage stage, string key)
    {
        if (TextFile.Read(stage.KeyFile) != key)
            TextFile.Write(stage.KeyFile, key);
    }

    private static void Order(Stage stage, bool current)
    {
        if (!File.Exists(stage.StampFile))
            return;
        var keyTime = File.GetLastWriteTimeUtc(stage.KeyFile);
        var stampTime = File.GetLastWriteTimeUtc(stage.StampFile);
        if (current && stampTime < keyTime)
            File.SetLastWriteTimeUtc(stage.StampFile, keyTime);
        if (!current && stampTime >= keyTime)
            File.SetLastWriteTimeUtc(stage.KeyFile, stampTime.AddSeconds(1));
    }

    private string Reason(Stage stage, string? before, string key)
    {
        if (before is null)
            return "not done yet";
        var changes = KeyChanges.Of(before, key, _memory.Folder).ToList();
        if (changes.Count > 0)
            return string.Join(", ", changes);
        return stage.Outputs.FirstOrDefault(output => !File.Exists(stage.Model.PathOf(output))) is { } missing
            ? $"{missing} is missing"
            : "its outputs were changed by someone else";
    }

    private void Announce(Stage stage, string reason, bool again) => Log.LogMessage(
        again ? MessageImportance.High : MessageImportance.Normal,
        "{0}",
        again ? $"{stage.Model.Name}: {stage.Doing} again: {reason}" : $"{stage.Model.Name}: {stage.Name}: {reason}");
}

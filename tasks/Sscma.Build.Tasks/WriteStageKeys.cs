using System;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Sscma.Build.Stages;
using Sscma.Build.Tasks.Files;
using Sscma.Build.Tasks.Keys;
using Sscma.Build.Tasks.Models;

namespace Sscma.Build.Tasks;

/// <summary>
/// Writes, for one stage of every model, the key: everything that decides the stage's result, as text. A stage is up to date when its stamp
/// carries the digest of this key and its outputs are the bytes that the stamp names; time stamps play no part.
/// MSBuild, which knows only time stamps, is then told so: the key is older than the stamp exactly when the stage is up to date.
/// </summary>
public sealed class WriteStageKeys : Task
{
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
    public override bool Execute()
    {
        var digests = Keys.DigestCache.Open(DigestCache);
        foreach (var item in Models)
            Write(Keys.Stage.Of(Stage, new ResolvedModel(item)), new StageKey(digests, Worker, Path.GetDirectoryName(DigestCache)!), digests);
        digests.Save();
        return !Log.HasLoggedErrors;
    }

    private void Write(Stage stage, StageKey maker, DigestCache digests)
    {
        var key = maker.Text(stage);
        var before = TextFile.Read(stage.KeyFile);
        if (before != key)
            TextFile.Write(stage.KeyFile, key);

        var stamp = TextFile.Read(stage.StampFile);
        var current = StageStamp.KeyDigest(stamp) == Sha256.OfText(key)
            && StageStamp.OutputsStand(stamp, stage.Outputs, output => digests.Of(stage.Model.PathOf(output)));
        Order(stage, current, stamp is not null);
        if (!current)
            Log.LogMessage(MessageImportance.Normal, "{0}: {1}: {2}", stage.Model.Name, stage.Name, Reason(stage, before, key, stamp));
    }

    private static void Order(Stage stage, bool current, bool stamped)
    {
        if (!stamped)
            return;
        var keyTime = File.GetLastWriteTimeUtc(stage.KeyFile);
        var stampTime = File.GetLastWriteTimeUtc(stage.StampFile);
        if (current && stampTime < keyTime)
            File.SetLastWriteTimeUtc(stage.StampFile, keyTime);
        if (!current && stampTime >= keyTime)
            File.SetLastWriteTimeUtc(stage.KeyFile, stampTime.AddSeconds(1));
    }

    private static string Reason(Stage stage, string? before, string key, string? stamp)
    {
        if (before is null || stamp is null)
            return "not done yet";
        var old = before.Split('\n').Where(line => line.Length > 0).ToLookup(Name, Value);
        var changes = key.Split('\n').Where(line => line.Length > 0)
            .Where(line => !old[Name(line)].Contains(Value(line)))
            .Select(line => $"{Name(line)} {old[Name(line)].FirstOrDefault() ?? "(none)"} → {Value(line)}")
            .ToList();
        if (changes.Count > 0)
            return "again, because of " + string.Join(", ", changes);
        return stage.Outputs.FirstOrDefault(output => !File.Exists(stage.Model.PathOf(output))) is { } missing
            ? $"again, because {missing} is missing"
            : "again, because it did not end or its outputs were changed";
    }

    private static string Name(string line) => line.Substring(0, Math.Max(0, line.IndexOf('=')));

    private static string Value(string line) => line.Substring(line.IndexOf('=') + 1);
}

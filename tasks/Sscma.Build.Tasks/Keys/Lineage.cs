using System;
using System.Linq;
using Sscma.Build.Tasks.Cache;
using Sscma.Build.Tasks.Files;
using Sscma.Build.Tasks.Gate;

namespace Sscma.Build.Tasks.Keys;

/// <summary>
/// The weights from which a warm start goes on are part of the training's key. They are chosen when a training is due, not in every build: a model that
/// passed its gate would else be the reason to train again.
/// </summary>
internal sealed class Lineage(DigestCache digests, Stage stage, ModelCache cache)
{
    private bool Applies => stage.Name == "train" && stage.Model.IsTrained && string.Equals(stage.Model["WarmStart"], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The key with the weights that were chosen before for the same inputs, here or by another build; else the key itself.</summary>
    public string Continue(string plain)
    {
        if (!Applies)
            return plain;
        if (Chosen(plain) is { } chosen)
            return chosen;
        // A new clone: another build of this user may have trained from weights that are not here.
        return TextFile.Read(stage.KeyFile) is null && cache.RestoreLineage(stage, Sha256.OfText(plain)) && Chosen(plain) is { } shared ? shared : plain;
    }

    /// <summary>The key of a training that begins now: with the weights accepted last, unless it goes on with one that was interrupted.</summary>
    public string Begin(string continued, string plain)
    {
        if (!Applies || Accepted.Start(stage.Model, digests) is not { } accepted)
            return plain;
        return StageKey.Value(continued, StageKey.WarmStart) == accepted ? continued : StageKey.With(plain, StageKey.WarmStart, accepted);
    }

    /// <summary>The key without the line that names the weights.</summary>
    public static string Plain(string key) =>
        string.Concat(StageKey.Lines(key).Where(line => line.Key != StageKey.WarmStart).Select(line => $"{line.Key}={line.Value}\n"));

    private string? Chosen(string plain) =>
        new[] { TextFile.Read(stage.KeyFile), Stages.StageStamp.Key(TextFile.Read(stage.StampFile)) }
            .FirstOrDefault(key => key is not null && StageKey.Value(key, StageKey.WarmStart) is not null && string.Equals(Plain(key), plain, StringComparison.Ordinal));
}

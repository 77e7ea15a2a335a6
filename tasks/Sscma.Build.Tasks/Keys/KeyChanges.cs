using System;
using System.Collections.Generic;
using System.Linq;

namespace Sscma.Build.Tasks.Keys;

/// <summary>Says in a user's words what two keys of a stage differ in.</summary>
internal static class KeyChanges
{
    private const string Options = "cfgOptions";
    private const string Nothing = "(not set)";
    private const int Named = 3;

    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["key"] = "another version of Sscma.Build",
        ["code"] = "another version of Sscma.Build",
        ["config"] = "the configuration file",
        ["effectiveConfig"] = "the configuration",
        ["onnx"] = "the ONNX file",
        ["tflite"] = "the .tflite file",
        ["metrics"] = "its metrics",
        [StageKey.WarmStart] = "the weights to start from",
        ["weights"] = "the weights",
        ["startOnnx"] = "the file that Onnx names",
        ["startWeights"] = "the file that Weights names",
        ["train"] = "how it was trained",
        ["export"] = "how it was exported",
        ["evaluate"] = "how it was evaluated",
        ["device"] = "SscmaDevice",
        ["pretrained"] = "the pretrained weights",
        ["pretrainedSha256"] = "PretrainedSha256",
        ["threads"] = "SscmaThreads",
        [Stage.UsualResize] = "Resize as TargetRuntime has it",
    };

    /// <summary>One text per change: <c>CfgOptions optim.lr 0.001 → 0.0005</c>, <c>images of the training split: 1 added (b.jpg)</c>.</summary>
    /// <param name="before">The key under which the stage was done.</param>
    /// <param name="now">The key that holds now.</param>
    /// <param name="listFolder">Where lists of images are kept.</param>
    public static IEnumerable<string> Of(string before, string now, string listFolder)
    {
        var old = Values(before);
        var current = Values(now);
        return current.Keys.Concat(old.Keys.Where(name => !current.ContainsKey(name)))
            .Select(name => (Name: name, Old: Value(old, name), New: Value(current, name)))
            .Where(line => line.Old != line.New)
            .SelectMany(line => Describe(line.Name, line.Old, line.New, listFolder))
            .Distinct();
    }

    private static IEnumerable<string> Describe(string name, string old, string now, string listFolder)
    {
        if (name == Options)
            return OptionChanges(old, now);
        if (Images(name) is { } split)
            return new[] { $"images of the {split} split: {ImageChanges(DigestList.Read(listFolder, old), DigestList.Read(listFolder, now))}" };
        if (Annotations(name) is { } annotated)
            return new[] { $"annotations of the {annotated} split" };
        if (name.StartsWith(ConfigChain.Prefix, StringComparison.Ordinal))
            return new[] { $"the inherited configuration '{name.Substring(ConfigChain.Prefix.Length)}'" };
        if (Words.TryGetValue(name, out var word) && (IsDigest(old) || IsDigest(now) || name == "key"))
            return new[] { word };
        return new[] { $"{word ?? char.ToUpperInvariant(name[0]) + name.Substring(1)} {Shown(old)} → {Shown(now)}" };
    }

    private static IEnumerable<string> OptionChanges(string old, string now)
    {
        var before = OptionValues(old);
        var after = OptionValues(now);
        var changes = before.Keys.Union(after.Keys).OrderBy(key => key, StringComparer.Ordinal)
            .Where(key => Value(before, key) != Value(after, key))
            .Select(key => $"CfgOptions {key} {Shown(Value(before, key))} → {Shown(Value(after, key))}")
            .ToList();
        // Only written in another way; the text is what the key has.
        return changes.Count > 0 ? changes : new List<string> { $"CfgOptions {Shown(old)} → {Shown(now)}" };
    }

    private static string ImageChanges(IReadOnlyDictionary<string, string>? before, IReadOnlyDictionary<string, string>? now)
    {
        if (before is null || now is null)
            return "changed";
        var texts = new[]
        {
            Count("added", now.Keys.Where(name => !before.ContainsKey(name))),
            Count("removed", before.Keys.Where(name => !now.ContainsKey(name))),
            Count("changed", now.Keys.Where(name => before.TryGetValue(name, out var digest) && digest != now[name])),
        };
        return string.Join(", ", texts.Where(text => text.Length > 0));
    }

    private static string Count(string what, IEnumerable<string> names)
    {
        var sorted = names.OrderBy(name => name, StringComparer.Ordinal).ToList();
        if (sorted.Count == 0)
            return "";
        return $"{sorted.Count} {what} ({string.Join(", ", sorted.Take(Named))}{(sorted.Count > Named ? ", …" : "")})";
    }

    private static Dictionary<string, string> OptionValues(string options)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in options.Split(';').Where(option => option.Trim().Length > 0))
        {
            var parts = option.Split(new[] { '=' }, 2);
            values[parts[0].Trim()] = parts.Length == 2 ? parts[1].Trim() : "";
        }

        return values;
    }

    private static string? Images(string name) => Split(name, "Images", ".images");

    private static string? Annotations(string name) => Split(name, "Annotations", ".annotations");

    /// <summary>The split of a line such as <c>trainImages</c> or, with several parts, <c>train.0.images</c>.</summary>
    private static string? Split(string name, string ending, string partEnding)
    {
        if (name.EndsWith(partEnding, StringComparison.Ordinal))
            return Split(name.Substring(0, name.IndexOf('.')));
        return name.EndsWith(ending, StringComparison.Ordinal) ? Split(name.Substring(0, name.Length - ending.Length)) : null;
    }

    private static string? Split(string name) => name switch
    {
        "train" => "training",
        "val" => "validation",
        "test" => "test",
        _ => null,
    };

    private static Dictionary<string, string> Values(string key)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in StageKey.Lines(key))
            values[line.Key] = line.Value;
        return values;
    }

    private static string Value(Dictionary<string, string> values, string name) => values.TryGetValue(name, out var value) ? value : "";

    private static string Shown(string value) => value.Length == 0 ? Nothing : value;

    private static bool IsDigest(string value) => value.Length >= 64 && value.Take(64).All(letter => letter is (>= '0' and <= '9') or (>= 'a' and <= 'f'));
}

#pragma warning disable IDE0005 // the worker has implicit usings, the tasks have not
using System;
using System.Collections.Generic;
using System.Linq;

namespace Sscma.Build.Stages;

/// <summary>
/// What a finished stage leaves behind: the digest of its key and of each of its outputs, one line each
/// (<c>digest name</c>; the first name is <c>key</c>), then an empty line and the key itself, so that the next build can say what changed.
/// A stage is up to date when its key has this digest and the outputs are these bytes. The tasks read it, the worker writes it; both compile this file.
/// </summary>
internal static class StageStamp
{
    private const string KeyName = "key";
    private const string Border = "\n\n";

    /// <summary>The text of a stamp.</summary>
    /// <param name="key">The stage's key.</param>
    /// <param name="keyDigest">SHA-256 of it.</param>
    /// <param name="outputs">Output names relative to the work folder, with the SHA-256 of each.</param>
    public static string Text(string key, string keyDigest, IEnumerable<KeyValuePair<string, string>> outputs)
    {
        var lines = new[] { new KeyValuePair<string, string>(KeyName, keyDigest) }.Concat(outputs.OrderBy(output => output.Key, StringComparer.Ordinal)).Select(pair => $"{pair.Value} {pair.Key}");
        return string.Join("\n", lines) + Border + key;
    }

    /// <summary>The key under which the stage ended, or null if the stamp is none.</summary>
    public static string? Key(string? text) =>
        text is not null && text.IndexOf(Border, StringComparison.Ordinal) is >= 0 and var border ? text.Substring(border + Border.Length) : null;

    /// <summary>The digest of the key under which the stage ended, or null if the stamp is none.</summary>
    public static string? KeyDigest(string? text) => Parse(text) is { } digests && digests.TryGetValue(KeyName, out var digest) ? digest : null;

    /// <summary>The outputs with their digests, by name.</summary>
    public static IEnumerable<(string Name, string Digest)> Outputs(string? text) =>
        (Parse(text) ?? new Dictionary<string, string>()).Where(pair => pair.Key != KeyName).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value));

    /// <summary>Whether the outputs are still the bytes that the stage wrote.</summary>
    /// <param name="text">The stamp, or null if there is none.</param>
    /// <param name="outputs">The outputs that the stage must have.</param>
    /// <param name="digestOf">The digest of an output, or null if it is absent.</param>
    public static bool OutputsStand(string? text, IReadOnlyCollection<string> outputs, Func<string, string?> digestOf) =>
        Parse(text) is { } digests
        && digests.Count == outputs.Count + 1
        && outputs.All(output => digests.TryGetValue(output, out var digest) && digestOf(output) == digest);

    private static Dictionary<string, string>? Parse(string? text)
    {
        if (text is null)
            return null;
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n').TakeWhile(line => line.Length > 0))
        {
            var blank = line.IndexOf(' ');
            if (blank > 0)
                digests[line.Substring(blank + 1).TrimEnd('\r')] = line.Substring(0, blank);
        }

        return digests;
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Sscma.Build.Tasks.Keys;

/// <summary>
/// Makes the text of a key: one line <c>name=value</c> for every option and for the digest of every file that decides a result.
/// No absolute path stands in it, so a moved clone has the same keys.
/// </summary>
internal sealed class StageKey(BuildMemory memory, string worker)
{
    /// <summary>The line that names the weights from which a warm start goes on.</summary>
    public const string WarmStart = "warmStart";

    // Raised when the same key would stand for another result.
    private const string Version = "2";

    /// <summary>The key of a stage.</summary>
    public string Text(Stage stage)
    {
        var text = new StringBuilder();
        Line(text, "key", Version);
        Line(text, "stage", stage.Name);
        Line(text, "model", stage.Model.Name);
        foreach (var setting in stage.Settings)
            Line(text, setting.Key, setting.Value);
        foreach (var source in stage.Sources)
            Line(text, source.Name, Of(source));
        Line(text, "code", Code(stage));
        return text.ToString();
    }

    /// <summary>The lines of a key, in their order.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Lines(string key) => key.Split('\n')
        .Where(line => line.IndexOf('=') > 0)
        .Select(line => new KeyValuePair<string, string>(line.Substring(0, line.IndexOf('=')), line.Substring(line.IndexOf('=') + 1)));

    /// <summary>The value of a line, or null.</summary>
    public static string? Value(string? key, string name) =>
        key is null ? null : Lines(key).Where(line => line.Key == name).Select(line => line.Value).FirstOrDefault();

    /// <summary>The key with one more line.</summary>
    public static string With(string key, string name, string value) => $"{key}{name}={OptionText.Escape(value)}\n";

    private string Of(Source source) =>
        source.Files is { } find ? memory.Files($"{source.Name} {source.File}", find)
        : source.ImageFolder is null ? Of(source.File)
        : memory.Images(source.File, source.ImageFolder);

    private string Of(string file) => memory.Digests.Of(file) ?? "missing";

    /// <summary>The digest of the worker's assemblies that compute this stage: another version may compute another result.</summary>
    private string Code(Stage stage)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(worker))!;
        var lines = new List<string>();
        foreach (var name in stage.Assemblies.Concat(new[] { Path.GetFileNameWithoutExtension(worker) }).Distinct().OrderBy(name => name, StringComparer.Ordinal))
        {
            if (memory.Digests.Of(Path.Combine(folder, name + ".dll")) is { } digest)
                lines.Add($"{digest} {name}\n");
        }

        return Sha256.OfText(string.Concat(lines));
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append(name).Append('=').Append(OptionText.Escape(value)).Append('\n');
}

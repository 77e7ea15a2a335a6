using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Sscma.Build.Tasks.Keys;

/// <summary>
/// Makes the text of a key: one line <c>name=value</c> for every option and for the digest of every file that decides a result.
/// No absolute path stands in it, so a moved clone has the same keys.
/// </summary>
internal sealed class StageKey(DigestCache digests, string worker, string cacheFolder)
{
    // Raised when the same key would stand for another result.
    private const string Version = "1";

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
            Line(text, source.Name, source.ImageFolder is null ? Of(source.File) : Of(source.File, source.ImageFolder));
        Line(text, "code", Code(stage));
        return text.ToString();
    }

    private string Of(string file) => digests.Of(file) ?? "missing";

    private string Of(string annotationFile, string imageFolder)
    {
        var images = ImageList.Of(annotationFile, digests.Of(annotationFile), imageFolder, cacheFolder);
        var found = digests.OfAll(images.Select(image => image.Value).ToList());
        var lines = images.Zip(found, (image, digest) => $"{digest ?? "missing"} {image.Key}\n");
        return $"{images.Count} {Sha256.OfText(string.Concat(lines))}";
    }

    /// <summary>The digest of the worker's assemblies that compute this stage: another version may compute another result.</summary>
    private string Code(Stage stage)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(worker))!;
        var lines = new List<string>();
        foreach (var name in stage.Assemblies.Concat(new[] { Path.GetFileNameWithoutExtension(worker) }).Distinct().OrderBy(name => name, System.StringComparer.Ordinal))
        {
            if (digests.Of(Path.Combine(folder, name + ".dll")) is { } digest)
                lines.Add($"{digest} {name}\n");
        }

        return Sha256.OfText(string.Concat(lines));
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append(name).Append('=').Append(OptionText.Escape(value)).Append('\n');
}

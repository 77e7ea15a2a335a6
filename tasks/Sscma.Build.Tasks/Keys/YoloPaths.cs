#pragma warning disable IDE0005 // Sscma.Coco has implicit usings, the tasks have not
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Sscma.Coco;

/// <summary>
/// Where the files of a YOLO dataset lie. Shared as source with the build tasks, whose keys are made of the same files that the reader reads.
/// </summary>
internal static class YoloPaths
{
    private static readonly string[] Extensions = { ".jpg", ".jpeg", ".png", ".bmp", ".webp", ".gif" };

    /// <summary>
    /// The folder or list that an entry of data.yaml means: relative to <c>path</c>, which is relative to the file. Archives are moved and renamed, so a
    /// <c>path</c> that does not exist is ignored, and an entry that climbs out of the folder (<c>../train/images</c>) is looked for inside it.
    /// </summary>
    /// <returns>A path that exists, or null.</returns>
    public static string? Resolve(string yamlFile, string? path, string entry)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(yamlFile))!;
        var written = entry.Trim().Replace('\\', '/');
        var inside = written;
        while (inside.StartsWith("../", StringComparison.Ordinal) || inside.StartsWith("./", StringComparison.Ordinal))
            inside = inside.Substring(inside.IndexOf('/') + 1);
        var bases = new List<string>();
        if (!string.IsNullOrWhiteSpace(path))
            bases.Add(Path.GetFullPath(Path.Combine(folder, path!.Trim().Replace('\\', '/'))));
        bases.Add(folder);
        return bases.Select(start => Path.GetFullPath(Path.Combine(start, written)))
            .Concat(bases.Select(start => Path.GetFullPath(Path.Combine(start, inside))))
            .FirstOrDefault(found => Directory.Exists(found) || File.Exists(found));
    }

    /// <summary>Pictures of a folder and the folders in it, or of a list: full paths, sorted, each once.</summary>
    public static IReadOnlyList<string> Images(string source)
    {
        var images = Directory.Exists(source)
            ? Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(IsImage)
            : File.ReadAllLines(source).Select(line => line.Trim()).Where(line => line.Length > 0).Select(line => Path.Combine(Path.GetDirectoryName(source)!, line.Replace('\\', '/')));
        return images.Select(Path.GetFullPath).Distinct(StringComparer.Ordinal).OrderBy(image => image, StringComparer.Ordinal).ToList();
    }

    /// <summary>The label file of a picture: the last folder <c>images</c> of its path becomes <c>labels</c>.</summary>
    public static string LabelOf(string image)
    {
        var parts = image.Replace('\\', '/').Split('/');
        for (var i = parts.Length - 2; i >= 0; i--)
        {
            if (!string.Equals(parts[i], "images", StringComparison.Ordinal))
                continue;
            parts[i] = "labels";
            break;
        }

        return Path.ChangeExtension(string.Join("/", parts).Replace('/', Path.DirectorySeparatorChar), ".txt");
    }

    private static bool IsImage(string path) => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());
}

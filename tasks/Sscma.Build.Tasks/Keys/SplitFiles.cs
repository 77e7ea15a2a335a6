using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Sscma.Build.Tasks.Files;
using Sscma.Build.Tasks.Models;
using Sscma.Coco;

namespace Sscma.Build.Tasks.Keys;

/// <summary>
/// Images and label files of a split in YOLO or VOC form, by name relative to the dataset. Where the plain reading here does not suffice, every file
/// below the dataset counts: a training too many, never one too few.
/// </summary>
internal static class SplitFiles
{
    /// <summary>Names and full paths, sorted; a label file that is not there is among them, since it may come.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(DatasetPart part)
    {
        IEnumerable<string>? files = null;
        try
        {
            files = part.Format == "yolo" ? OfYolo(part) : OfVoc(part);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // The worker says what is wrong with it.
        }

        var root = part.Root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        return (files ?? Directory.EnumerateFiles(part.Root, "*", SearchOption.AllDirectories))
            .Distinct(StringComparer.Ordinal)
            .Select(path => new KeyValuePair<string, string>((path.StartsWith(root, StringComparison.Ordinal) ? path.Substring(root.Length) : Path.GetFileName(path)).Replace('\\', '/'), path))
            .OrderBy(file => file.Key, StringComparer.Ordinal)
            .ThenBy(file => file.Value, StringComparer.Ordinal)
            .GroupBy(file => file.Key, StringComparer.Ordinal)
            .SelectMany(same => same.Select((file, i) => i == 0 ? file : new KeyValuePair<string, string>($"{file.Key}#{i}", file.Value)))
            .ToList();
    }

    private static IEnumerable<string>? OfYolo(DatasetPart part)
    {
        var sources = part.Images.Length > 0 ? new[] { part.Images } : Sources(part);
        if (sources is null)
            return null;
        var images = sources.SelectMany(YoloPaths.Images).ToList();
        return images.Concat(images.Select(YoloPaths.LabelOf)).Concat(sources.Where(File.Exists));
    }

    private static IReadOnlyList<string>? Sources(DatasetPart part)
    {
        var yaml = TextFile.Read(part.Annotations) ?? "";
        var entries = Entries(yaml, part.Split) ?? (part.Split == "val" ? Entries(yaml, "valid") : null);
        var path = Entries(yaml, "path");
        if (entries is null || entries.Count == 0 || path?.Count > 1)
            return null;
        var found = entries.Select(entry => YoloPaths.Resolve(part.Annotations, path?.FirstOrDefault(), entry)).ToList();
        return found.Contains(null) ? null : found.OfType<string>().ToList();
    }

    /// <summary>The texts of a key in the usual spellings of YAML; null for any other.</summary>
    private static IReadOnlyList<string>? Entries(string yaml, string key)
    {
        var lines = yaml.Split('\n').Select(line => Regex.Replace(line.TrimEnd(), "(^|\\s)#.*$", "").TrimEnd()).ToList();
        var at = lines.FindIndex(line => Regex.IsMatch(line, $"^[\"']?{key}[\"']?\\s*:"));
        if (at < 0)
            return null;
        var value = lines[at].Substring(lines[at].IndexOf(':') + 1).Trim();
        var texts = value.Length == 0
            ? lines.Skip(at + 1).SkipWhile(line => line.Length == 0).TakeWhile(line => Regex.IsMatch(line, "^\\s*-\\s")).Select(line => line.Trim().Substring(1))
            : value[0] == '[' && value[value.Length - 1] == ']' ? value.Substring(1, value.Length - 2).Split(',')
            : new[] { value };
        var plain = texts.Select(text => text.Trim()).Select(text => text.Length > 1 && text[0] is '"' or '\'' && text[0] == text[text.Length - 1] ? text.Substring(1, text.Length - 2) : text).ToList();
        return plain.Any(text => text.Length == 0 || text.IndexOfAny(new[] { '&', '*', '|', '>', '{', '[', '!', '\\', '"' }) >= 0) ? null : plain;
    }

    private static IEnumerable<string>? OfVoc(DatasetPart part)
    {
        if (Directory.Exists(part.Annotations))
            return Directory.EnumerateFiles(part.Annotations, "*.xml").Concat(Directory.EnumerateFiles(part.Images));
        var stems = File.ReadAllLines(part.Annotations).Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 0)
            .Select(words => words[0]).ToList();
        var labels = stems.Select(stem => Path.Combine(part.Labels, Path.GetFileName(stem) + (stem.EndsWith(".xml", StringComparison.Ordinal) ? "" : ".xml"))).ToList();
        var names = new HashSet<string>(labels.Select(Path.GetFileNameWithoutExtension), StringComparer.Ordinal);
        var images = Directory.EnumerateFiles(part.Images).Where(file => names.Contains(Path.GetFileNameWithoutExtension(file))).ToList();

        // Pictures may have other names than their XML files.
        return labels.Concat(images.Count >= names.Count ? images : Directory.EnumerateFiles(part.Images)).Concat(new[] { part.Annotations });
    }
}

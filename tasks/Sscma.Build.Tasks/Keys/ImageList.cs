using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Serialization.Json;
using System.Xml;
using Sscma.Build.Tasks.Files;

namespace Sscma.Build.Tasks.Keys;

/// <summary>
/// Which images an annotation file uses. Only they decide a result; a picture that lies in the same folder unused does not.
/// The list is kept beside the digests, so that a large annotation file is read once per change.
/// </summary>
internal static class ImageList
{
    /// <summary>
    /// Full paths of the images, sorted, each once. A file that this plain reader cannot follow is the worker's to complain about;
    /// until then every file below the folder counts.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(string annotationFile, string? annotationDigest, string imageFolder, string cacheFolder)
    {
        var names = Remembered(annotationFile, annotationDigest, cacheFolder) ?? Below(imageFolder);
        return names
            .Distinct(StringComparer.Ordinal)
            .OrderBy(name => name, StringComparer.Ordinal)
            .Select(name => new KeyValuePair<string, string>(name, Path.Combine(imageFolder, name)))
            .ToList();
    }

    private static IEnumerable<string>? Remembered(string annotationFile, string? annotationDigest, string cacheFolder)
    {
        if (annotationDigest is null)
            return null;
        var list = Path.Combine(cacheFolder, Sha256.OfText(annotationFile).Substring(0, 16) + ".images");
        if (TextFile.Read(list)?.Split('\n') is { } lines && lines[0] == annotationDigest)
            return lines.Skip(1);
        if (FileNames(annotationFile) is not { } names)
            return null;
        TextFile.Write(list, string.Join("\n", new[] { annotationDigest }.Concat(names)));
        return names;
    }

    /// <summary>Every images[i].file_name, or null when the file is not of that shape.</summary>
    private static List<string>? FileNames(string annotationFile)
    {
        try
        {
            using var stream = File.OpenRead(annotationFile);
            using var reader = JsonReaderWriterFactory.CreateJsonReader(stream, XmlDictionaryReaderQuotas.Max);
            var names = new List<string>();
            var inImages = false;
            // As XML: <root type="object"><images type="array"><item type="object"><file_name type="string">…
            while (reader.Read())
            {
                if (reader.NodeType != XmlNodeType.Element)
                    continue;
                if (reader.Depth == 1 && inImages)
                    break;
                if (reader.Depth == 1)
                    inImages = reader.LocalName == "images";
                else if (inImages && reader.Depth == 3 && reader.LocalName == "file_name")
                    names.Add(reader.ReadElementContentAsString());
            }

            return inImages && names.All(IsUsable) ? names : null;
        }
        catch (Exception unreadable) when (unreadable is XmlException or FormatException or IOException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static bool IsUsable(string name) => name.IndexOfAny(Path.GetInvalidPathChars()) < 0 && name.IndexOf('\n') < 0;

    private static IEnumerable<string> Below(string folder)
    {
        if (!Directory.Exists(folder))
            return Enumerable.Empty<string>();
        var start = Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar).Length + 1;
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetFullPath(path).Substring(start).Replace('\\', '/'));
    }
}

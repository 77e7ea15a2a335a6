using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Sscma.Build.Tasks.Models;

/// <summary>File names with <c>*</c>, <c>?</c> and <c>**</c>; upper and lower case differ, so that a build finds the same files on every system.</summary>
internal static class PathPattern
{
    /// <summary>Whether a text is a pattern.</summary>
    public static bool Is(string text) => text.IndexOfAny(new[] { '*', '?' }) >= 0;

    /// <summary>Full paths of the files that match, sorted.</summary>
    public static IReadOnlyList<string> Match(string folder, string pattern)
    {
        var parts = pattern.Replace('\\', '/').Split('/');
        var literal = parts.TakeWhile(part => !Is(part)).ToArray();
        var start = Path.GetFullPath(Path.Combine(folder, string.Join("/", literal)));
        if (!Directory.Exists(start))
            return Array.Empty<string>();
        var rest = parts.Skip(literal.Length).ToArray();
        var shape = new Regex($"^{string.Concat(rest.Select((part, i) => OfPart(part, last: i == rest.Length - 1)))}$", RegexOptions.CultureInvariant | RegexOptions.Singleline);
        var search = rest.Length > 1 || rest[0] == "**" ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly;
        var length = start.TrimEnd(Path.DirectorySeparatorChar).Length + 1;
        return Directory.EnumerateFiles(start, "*", search)
            .Where(file => shape.IsMatch(file.Substring(length).Replace('\\', '/')))
            .OrderBy(file => file, StringComparer.Ordinal)
            .ToList();
    }

    private static string OfPart(string part, bool last)
    {
        if (part == "**")
            return last ? ".*" : "(?:.*/)?";
        return Regex.Escape(part).Replace("\\*", "[^/]*").Replace("\\?", "[^/]") + (last ? "" : "/");
    }
}

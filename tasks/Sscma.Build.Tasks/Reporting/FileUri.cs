using System;
using System.Linq;

namespace Sscma.Build.Tasks.Reporting;

/// <summary>
/// A path as file: URI. <see cref="Uri"/> alone would read '%41' and '#' in a folder's name as an escape and a fragment.
/// </summary>
internal static class FileUri
{
    /// <summary>The URI of a full path.</summary>
    public static string Of(string path)
    {
        var parts = path.Replace(System.IO.Path.DirectorySeparatorChar, '/').Split('/').Select((part, index) => index == 0 && part.EndsWith(":", StringComparison.Ordinal) ? part : Uri.EscapeDataString(part));
        var escaped = string.Join("/", parts);
        return escaped.StartsWith("//", StringComparison.Ordinal) ? "file:" + escaped
            : escaped.StartsWith("/", StringComparison.Ordinal) ? "file://" + escaped
            : "file:///" + escaped;
    }
}

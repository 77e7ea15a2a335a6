#pragma warning disable IDE0005 // Sscma.Core has implicit usings, the tasks have not
using System;
using System.IO;
using System.Linq;

namespace Sscma.Files;

/// <summary>
/// Finds what a path that does not exist was most likely meant to name: a data set that comes from Windows or macOS, where case does not matter,
/// often differs from its annotations in it. The tasks compile this file too.
/// </summary>
public static class CaseMatch
{
    /// <summary>A sentence that names the file or folder, with a blank before it; empty if there is none, or if the path exists.</summary>
    public static string Remark(string path) =>
        Of(path) is { } other ? $" There is '{other}', which differs in upper and lower case only: that counts on this system; write both alike." : "";

    /// <summary>The existing path that differs from a missing one in upper and lower case only, or null.</summary>
    public static string? Of(string path)
    {
        if (Exists(path) || Path.GetDirectoryName(path) is not { Length: > 0 } folder)
            return null;
        if ((Directory.Exists(folder) ? folder : Of(folder)) is not { } real || !Directory.Exists(real))
            return null;
        var whole = Path.Combine(real, Path.GetFileName(path));
        if (Exists(whole))
            return whole;
        try
        {
            return Directory.EnumerateFileSystemEntries(real).OrderBy(other => other, StringComparer.Ordinal)
                .FirstOrDefault(other => string.Equals(Path.GetFileName(other), Path.GetFileName(path), StringComparison.OrdinalIgnoreCase));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);
}

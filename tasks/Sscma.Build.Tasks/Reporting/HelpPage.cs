using System;
using System.IO;

namespace Sscma.Build.Tasks.Reporting;

/// <summary>
/// docs/diagnostics.md, which lies in the package and in the repository, so that the link of a diagnostic opens without a network
/// and shows the text of the version that is installed.
/// </summary>
internal static class HelpPage
{
    // From tasks/netstandard2.0 in the package one folder up; from a build output in the repository five.
    private const int Levels = 6;

    private static readonly Lazy<string?> PageUri = new(() => Find(typeof(HelpPage).Assembly.Location));

    /// <summary>The link to the entry of a code, or null if the page is not there.</summary>
    public static string? Link(string code) => PageUri.Value is { } page ? $"{page}#{code.ToLowerInvariant()}" : null;

    private static string? Find(string assembly)
    {
        if (assembly.Length == 0)
            return null;
        var folder = Path.GetDirectoryName(assembly);
        for (var level = 0; level < Levels && folder is not null; level++)
        {
            var page = Path.Combine(folder, "docs", "diagnostics.md");
            if (File.Exists(page))
                return FileUri.Of(page);
            folder = Path.GetDirectoryName(folder);
        }

        return null;
    }
}

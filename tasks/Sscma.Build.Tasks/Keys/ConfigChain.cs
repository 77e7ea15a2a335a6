using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Sscma.Build.Tasks.Keys;

/// <summary>A configuration and the files that it builds on: a change of any of them is a change of the model. The worker reads them properly; here only their names matter.</summary>
internal static class ConfigChain
{
    /// <summary>What the name of an inherited file's line in a key begins with.</summary>
    public const string Prefix = "config.";

    private static readonly Regex Base = new(
        "^\\s*\\{?\\s*[\"']?_base_[\"']?\\s*:\\s*(?:\"(?<path>[^\"]*)\"|'(?<path>[^']*)'|(?<path>[^#,}\\r\\n]*))",
        RegexOptions.Multiline | RegexOptions.CultureInvariant);

    /// <summary>The file itself, then its bases. Ends where a file is missing or a circle closes: the worker reports that.</summary>
    public static IReadOnlyList<string> Of(string config, string configFolder)
    {
        var files = new List<string>();
        for (string? file = config; file is not null && !files.Contains(file); file = BaseOf(file, configFolder))
            files.Add(file);
        return files;
    }

    private static string? BaseOf(string file, string configFolder)
    {
        try
        {
            var path = Base.Match(File.ReadAllText(file)).Groups["path"].Value.Trim();
            return path.Length == 0
                ? null
                : new[] { Path.GetDirectoryName(file)!, configFolder }.Select(folder => Path.GetFullPath(Path.Combine(folder, path))).FirstOrDefault(File.Exists);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}

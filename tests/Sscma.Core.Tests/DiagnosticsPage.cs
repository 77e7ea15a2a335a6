using System.Text;
using System.Text.RegularExpressions;

namespace Sscma.Core.Tests;

/// <summary>Writes docs/diagnostics.md from the doc comments of the codes.</summary>
internal static partial class DiagnosticsPage
{
    private const string Head = """
        # Diagnostics

        Every mistake that a user can make has one code. The message in the build names what was found, where (file and line), what was expected and what to do;
        this page names cause and cure. An error stops the build, a warning does not. Each diagnostic carries a link to its entry here: terminals and editors
        that know links open it from the code.

        This page is generated from `tasks/Sscma.Core/Diagnostics/Codes.*.cs`: [how](maintainers.md#a-new-diagnostic-code).

        """;

    private static readonly (char First, string Title)[] Stages =
    [
        ('1', "dataset"), ('2', "model and training"), ('3', "export"), ('4', "evaluation and gate"), ('5', "embedding and provenance"), ('9', "project, files, environment"),
    ];

    /// <summary>The codes that the sources declare, in numeric order.</summary>
    public static IReadOnlyList<CodeEntry> Entries(string folder)
    {
        var sources = Directory.GetFiles(folder, "Codes*.cs").Select(File.ReadAllText);
        return sources.SelectMany(source => Declaration().Matches(source))
            .Select(match => CodeEntry.Of(match.Groups["code"].Value, match.Groups["name"].Value, match.Groups["doc"].Value))
            .OrderBy(entry => entry.Code, StringComparer.Ordinal).ToList();
    }

    /// <summary>The page.</summary>
    public static string Text(IReadOnlyList<CodeEntry> entries)
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var (first, title) in Stages)
        {
            text.Append($"\n## SSCMA{first}xxx: {title}\n");
            foreach (var entry in entries.Where(entry => entry.Code["SSCMA".Length] == first))
                text.Append($"\n### {entry.Code}\n\n**{entry.Title}** ({entry.Severity}). {entry.Cause}\n\nCure: {entry.Cure}\n");
        }

        return text.ToString();
    }

    // A doc comment, on one line or several, and its constant; without the comment the code is found all the same.
    [GeneratedRegex(@"(?<doc>(?:^[ \t]*///[^\n]*\n)*)[ \t]*public const string (?<name>\w+) = ""(?<code>SSCMA\d{4})"";", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}

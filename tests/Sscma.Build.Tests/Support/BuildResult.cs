using System.Text.RegularExpressions;

namespace Sscma.Build.Tests.Support;

/// <summary>How a <c>dotnet</c> command ended and what it said.</summary>
internal sealed partial record BuildResult(int ExitCode, string Output, TimeSpan Time)
{
    /// <summary>Every error and warning, as code and text, in order, each once.</summary>
    public IReadOnlyList<string> Diagnostics => DiagnosticLine().Matches(Output)
        .Select(match => $"{match.Groups["severity"].Value} {match.Groups["code"].Value}")
        .ToList();

    /// <summary>The whole lines of errors and warnings.</summary>
    public IReadOnlyList<string> DiagnosticLines => DiagnosticLine().Matches(Output).Select(match => match.Value.Trim()).ToList();

    /// <summary>Fails with the build's output unless it succeeded without a word.</summary>
    public BuildResult MustSucceed()
    {
        Assert.AreEqual(0, ExitCode, Output);
        Assert.IsEmpty(Diagnostics, Output);
        return this;
    }

    /// <summary>Fails with the build's output unless it failed with exactly this one error and nothing else.</summary>
    public string MustFailWith(string code)
    {
        Assert.AreNotEqual(0, ExitCode, Output);
        Assert.AreEqual($"error {code}", string.Join(", ", Diagnostics), Output);
        Assert.DoesNotContain("   at ", Output, "a user's mistake shows no stack trace");
        return DiagnosticLines[0];
    }

    [GeneratedRegex(@"^.*?: (?<severity>error|warning) (?<code>[A-Z]+\d+): .*$", RegexOptions.Multiline)]
    private static partial Regex DiagnosticLine();
}

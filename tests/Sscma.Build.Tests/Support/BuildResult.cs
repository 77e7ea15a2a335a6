using System.Text.RegularExpressions;

namespace Sscma.Build.Tests.Support;

/// <summary>How a <c>dotnet</c> command ended and what it said.</summary>
internal sealed partial record BuildResult(int ExitCode, string Output, TimeSpan Time)
{
    /// <summary>Every error and warning as severity and code, in order. What is said twice is here twice.</summary>
    public IReadOnlyList<string> Diagnostics => Found.Select(match => $"{match.Groups["severity"].Value} {match.Groups["code"].Value}").ToList();

    /// <summary>The whole lines of errors and warnings.</summary>
    public IReadOnlyList<string> DiagnosticLines => Found.Select(match => match.Groups["line"].Value).ToList();

    private IEnumerable<Match> Found => DiagnosticLine().Matches(WithoutSummary);

    /// <summary>At the end the console repeats all errors and warnings.</summary>
    private string WithoutSummary => Output.Split("\nBuild FAILED.", 2)[0].Split("\nBuild succeeded.", 2)[0];

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

    [GeneratedRegex(@"^\s*(\d+(:\d+)?>)?(?<line>.*?: (?<severity>error|warning) (?<code>[A-Z]+\d+): .*)$", RegexOptions.Multiline)]
    private static partial Regex DiagnosticLine();
}

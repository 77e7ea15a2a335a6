using System.Reflection;
using System.Text.RegularExpressions;
using Sscma.Diagnostics;
using Sscma.TestSupport;

namespace Sscma.Core.Tests;

/// <summary>docs/diagnostics.md is what the codes' doc comments say: who meets a code can look it up.</summary>
[TestClass]
public sealed partial class DiagnosticsPageTests
{
    private static readonly string Tasks = Path.Combine(TestPaths.Repository, "tasks");

    private static readonly string Page = Path.Combine(TestPaths.Repository, "docs", "diagnostics.md");

    private static readonly IReadOnlyList<CodeEntry> Entries = DiagnosticsPage.Entries(Path.Combine(Tasks, "Sscma.Core", "Diagnostics"));

    [TestMethod]
    public void The_page_is_generated_from_the_codes()
    {
        var text = DiagnosticsPage.Text(Entries);
        if (Environment.GetEnvironmentVariable("SSCMA_WRITE_DOCS") == "1")
            File.WriteAllText(Page, text);
        Assert.AreEqual(
            text, File.ReadAllText(Page).ReplaceLineEndings("\n"),
            "docs/diagnostics.md is not what the doc comments of the codes say. Run this test with SSCMA_WRITE_DOCS=1 in the environment, which writes the page.");
    }

    [TestMethod]
    public void Every_code_is_declared_once_with_a_cause_and_a_cure()
    {
        var codes = typeof(Codes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal).ToArray();
        Assert.IsGreaterThan(20, codes.Length);
        CollectionAssert.AllItemsAreUnique(codes);
        CollectionAssert.AreEqual(codes, Entries.Select(entry => entry.Code).ToArray(), "the generator reads other codes than the compiler");
        foreach (var entry in Entries)
            Assert.IsTrue(
                entry.Cause.EndsWith('.') && entry.Cure.EndsWith('.') && !entry.Cause.Contains('<') && !entry.Cure.Contains('<'),
                $"{entry.Code}: its doc comment needs two sentences, the cause and then the cure, with no tag but <c>. Cause: '{entry.Cause}'; cure: '{entry.Cure}'");
    }

    [TestMethod]
    public void A_code_is_a_warning_on_the_page_where_the_code_makes_it_one()
    {
        var text = string.Join('\n', Sources().Select(File.ReadAllText));
        var errors = Reported(ErrorReport(), text);
        var warnings = Reported(WarningReport(), text);
        Assert.IsGreaterThan(5, warnings.Count);
        foreach (var entry in Entries)
        {
            Assert.IsFalse(entry.Severity == "error" && warnings.Contains(entry.Name), $"{entry.Code} is reported as a warning: begin its doc comment with \"Warning:\".");
            Assert.IsFalse(entry.Severity == "warning" && errors.Contains(entry.Name), $"{entry.Code} is reported as an error and its doc comment begins with \"Warning:\".");
        }
    }

    [TestMethod]
    public void The_tasks_report_by_the_one_way_that_adds_the_link()
    {
        var others = Sources().Where(path => path.Contains("Sscma.Build.Tasks", StringComparison.Ordinal) && Path.GetFileName(path) != "CodedLog.cs")
            .Where(path => PlainReport().IsMatch(File.ReadAllText(path))).Select(path => Path.GetRelativePath(Tasks, path));
        Assert.AreEqual("", string.Join(", ", others), "Log.LogError and Log.LogWarning give no help link: use Log.Error and Log.Warning of CodedLog.");

        var targets = Directory.GetFiles(Path.Combine(TestPaths.Repository, "targets"), "*.*", SearchOption.TopDirectoryOnly).Select(File.ReadAllText);
        foreach (Match element in targets.SelectMany(text => TargetsReport().Matches(text)))
            Assert.Contains("HelpLink=\"$(_SscmaHelp)#sscma", element.Value, "an <Error> or <Warning> with a code and without its help link");
    }

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Tasks, "*.cs", SearchOption.AllDirectories).Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static HashSet<string> Reported(Regex report, string text) => report.Matches(text).Select(match => match.Groups[1].Value).ToHashSet();

    [GeneratedRegex(@"\bWarning\(\s*Codes\.(\w+)")]
    private static partial Regex WarningReport();

    [GeneratedRegex(@"\b(?:Error|DiagnosticException)\(\s*Codes\.(\w+)")]
    private static partial Regex ErrorReport();

    [GeneratedRegex(@"\.Log(Error|Warning)\(")]
    private static partial Regex PlainReport();

    [GeneratedRegex(@"<(Error|Warning)\s[^>]*Code=""SSCMA\d{4}""[^>]*>")]
    private static partial Regex TargetsReport();
}

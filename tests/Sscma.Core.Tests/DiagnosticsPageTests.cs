using System.Reflection;
using System.Text.RegularExpressions;
using Sscma.Diagnostics;
using Sscma.TestSupport;

namespace Sscma.Core.Tests;

/// <summary>docs/diagnostics.md is complete: who meets a code can look it up.</summary>
[TestClass]
public sealed partial class DiagnosticsPageTests
{
    [TestMethod]
    public void The_page_lists_every_code_and_no_other()
    {
        var codes = typeof(Codes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Order().ToArray();
        var page = File.ReadAllText(Path.Combine(TestPaths.Repository, "docs", "diagnostics.md"));
        var listed = Row().Matches(page).Select(match => match.Groups[1].Value).Order().ToArray();

        Assert.IsGreaterThan(20, codes.Length);
        CollectionAssert.AreEqual(codes, listed, $"missing: {string.Join(' ', codes.Except(listed))}; unknown: {string.Join(' ', listed.Except(codes))}");
    }

    [GeneratedRegex(@"^\| (SSCMA\d{4}) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}

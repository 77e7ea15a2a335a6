using System.Reflection;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Sscma.Build.Tasks;
using Sscma.Build.Tests.Support;
using Sscma.TestSupport;

namespace Sscma.Build.Tests;

/// <summary>Diagnostics link to their entry in the page that lies beside the tasks.</summary>
[TestClass]
public sealed class HelpLinkTests
{
    private static readonly string Page = Path.Combine(TestPaths.Repository, "docs", "diagnostics.md");

    [TestMethod]
    public void What_a_task_finds_links_to_its_entry()
    {
        var log = new BuildLog();
        var task = new ResolveModels { BuildEngine = log, Project = "/p/App.csproj", WorkFolder = "/p/obj/sscma/", ConfigFolder = "/p/", Cache = "Sometimes" };
        Assert.IsFalse(task.Execute());
        Assert.HasCount(1, log.Errors);
        Assert.AreEqual("SSCMA9008", log.Errors[0].Code);
        MustLeadToEntry("SSCMA9008", log.Errors[0].HelpLink);
    }

    [TestMethod]
    [DataRow("data/train.json")]
    [DataRow("C:\\data set\\train.json")]
    [DataRow("/日本/it's; 50% {0} a@b (2)/ü: error.json")]
    public void A_line_of_the_worker_keeps_its_file_line_text_and_gets_the_link(string file)
    {
        var log = new BuildLog();
        Print(log, $"{file}(7,12): warning SSCMA1022: the box 3 {{0}} of 'ü;%41.png': no area");
        Print(log, $"{file}: error SSCMA1011: the image is not there");
        Print(log, "Epoch(train) [1][2/3] loss: 0.5");

        var warning = log.Warnings.Single();
        Assert.AreEqual((file, 7, 12, "SSCMA1022"), (warning.File, warning.LineNumber, warning.ColumnNumber, warning.Code));
        Assert.AreEqual("the box 3 {0} of 'ü;%41.png': no area", warning.Message);
        MustLeadToEntry("SSCMA1022", warning.HelpLink);
        var error = log.Errors.Single();
        Assert.AreEqual((file, 0, "SSCMA1011"), (error.File, error.LineNumber, error.Code));
        MustLeadToEntry("SSCMA1011", error.HelpLink);
    }

    [TestMethod]
    public void The_targets_link_to_the_same_page()
    {
        using var fixture = new Fixture();
        var help = fixture.Command("msbuild", "-getProperty:_SscmaHelp").Output.Trim();
        Assert.AreEqual(new Uri(Page).AbsoluteUri, help);
    }

    private static void Print(IBuildEngine log, string line) =>
        typeof(WorkerTask).GetMethod("LogEventsFromTextOutput", BindingFlags.Instance | BindingFlags.NonPublic)!
            .Invoke(new TrainDetector { BuildEngine = log, Model = new TaskItem("parts") }, [line, MessageImportance.High]);

    private static void MustLeadToEntry(string code, string link)
    {
        var parts = link.Split('#');
        Assert.AreEqual(Page, new Uri(parts[0]).LocalPath);
        // The anchor that every Markdown viewer gives to a heading: its text in lower case.
        Assert.Contains($"\n### {parts[1].ToUpperInvariant()}\n", File.ReadAllText(Page).ReplaceLineEndings("\n"));
        Assert.AreEqual(code.ToLowerInvariant(), parts[1]);
    }
}

using Sscma.Build.Tests.Support;

namespace Sscma.Build.Tests;

/// <summary>What runs, and what does not run again.</summary>
[TestClass]
public sealed class BuildTests
{
    private static readonly string[] Everything =
        ["train parts_detector", "export parts_detector", "evaluate parts_detector", "embed parts_detector"];

    [TestMethod]
    public void A_first_build_runs_every_stage_once_and_embeds_and_a_second_one_starts_no_worker()
    {
        using var fixture = new Fixture();
        fixture.Build().MustSucceed();
        CollectionAssert.AreEqual(Everything, fixture.Calls.ToArray());
        Assert.AreEqual("bolt,nut 32\nTrue\n0.6 0.9", fixture.Run());

        var second = fixture.Build().MustSucceed();
        Assert.IsEmpty(fixture.Calls);
        foreach (var target in new[] { "SscmaTrain", "SscmaExport", "SscmaEvaluate", "SscmaEmbed" })
            Assert.Contains($"Skipping target \"{target}\" because all output files are up-to-date", second.Output);
        Assert.AreEqual("bolt,nut 32\nTrue\n0.6 0.9", fixture.Run());
    }
}

using System.Diagnostics;
using System.Globalization;
using Sscma.Build.Tests.Support;

namespace Sscma.Build.Tests;

/// <summary>Editors, switched-off builds, renames, two builds at once, killed builds.</summary>
[TestClass]
public sealed class LifecycleTests
{
    [TestMethod]
    public void A_design_time_build_a_restore_and_a_question_start_no_worker()
    {
        using var fixture = new Fixture();
        fixture.Command("restore").MustSucceed();
        string[] designTime = ["-t:Compile", "-p:DesignTimeBuild=true", "-p:BuildingProject=false", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true"];
        fixture.Command(["msbuild", .. designTime, "-getItem:CscCommandLineArgs"]);
        fixture.Command("msbuild", "-getProperty:SscmaWorkFolder");
        Assert.IsEmpty(fixture.Calls);

        fixture.Build().MustSucceed();
        _ = fixture.Calls;
        fixture.Change("Seed=\"9\"");
        var arguments = fixture.Command(["msbuild", .. designTime, "-getItem:CscCommandLineArgs"]).Output;
        Assert.IsEmpty(fixture.Calls);
        Assert.Contains("PartsDetector.g.cs", arguments, "an editor sees the class that is there");
    }

    [TestMethod]
    public void Switched_off_it_embeds_what_is_proven_and_runs_nothing()
    {
        using var fixture = new Fixture();
        // Nothing there yet: told so once, and the app that needs the class does not compile.
        var nothing = fixture.Build("-p:SscmaEnabled=false");
        Assert.AreEqual("warning SSCMA5003", nothing.Diagnostics[0], nothing.Output);
        Assert.IsEmpty(fixture.Calls);

        fixture.Build().MustSucceed();
        _ = fixture.Calls;
        Directory.Delete(fixture.PathOf("data"), recursive: true);
        fixture.Change("Seed=\"9\"");
        fixture.Build("-p:SscmaEnabled=false").MustSucceed();
        Assert.IsEmpty(fixture.Calls);
        Assert.AreEqual("bolt,nut 32\nTrue\n0.6 0.9", fixture.Run());

        // Bytes that are not those which passed are not embedded, whoever changed them.
        File.AppendAllText(fixture.Work("embed/parts_detector.tflite"), "!");
        Assert.AreEqual("warning SSCMA5003", fixture.Build("-p:SscmaEnabled=false").Diagnostics[0]);
    }

    [TestMethod]
    public void A_model_that_failed_its_gate_is_not_embedded_by_a_switched_off_build_either()
    {
        using var fixture = new Fixture();
        fixture.Build().MustSucceed();
        fixture.Build("-p:SscmaMinMap=0.99").MustFailWith("SSCMA4002");
        Assert.AreEqual("warning SSCMA5003", fixture.Build("-p:SscmaEnabled=false").Diagnostics[0]);
        fixture.Build().MustSucceed();
        fixture.Build("-p:SscmaEnabled=false").MustSucceed();
    }

    [TestMethod]
    public void A_renamed_model_leaves_nothing_embedded_and_publishing_without_a_build_trains_nothing()
    {
        using var fixture = new Fixture();
        fixture.Build().MustSucceed();
        fixture.Items = Fixture.Item("other_detector", "ClassName=\"PartsDetector\"");
        fixture.Save();
        fixture.Build().MustSucceed();
        _ = fixture.Calls;
        var assembly = File.ReadAllText(fixture.PathOf("bin/Debug/net10.0/App.dll"), System.Text.Encoding.Latin1);
        Assert.Contains("other_detector.tflite", assembly);
        Assert.DoesNotContain("parts_detector.tflite", assembly);

        fixture.Items = Fixture.Item("third_detector", "ClassName=\"PartsDetector\"");
        fixture.Save();
        fixture.Command("publish", "--no-build", "--no-restore", "-c", "Debug").MustSucceed();
        Assert.IsEmpty(fixture.Calls);
    }

    [TestMethod]
    public void Two_builds_at_once_do_the_work_once()
    {
        using var fixture = new Fixture();
        fixture.Command("restore").MustSucceed();
        fixture.Environment["SSCMA_STANDIN_PAUSE"] = "4000";
        var builds = Enumerable.Range(0, 2).Select(_ => Task.Run(() => fixture.Build("-t:SscmaTrain").MustSucceed())).ToArray();
        Task.WaitAll(builds);
        Assert.AreEqual("train parts_detector", string.Join("; ", fixture.Calls));
        fixture.Environment["SSCMA_STANDIN_PAUSE"] = "0";
        fixture.Build("-t:SscmaTrain").MustSucceed();
        Assert.IsEmpty(fixture.Calls);
    }

    [TestMethod]
    [DataRow("KILL")]
    [DataRow("TERM")]
    public void A_killed_build_leaves_no_worker_and_the_next_one_goes_on(string signal)
    {
        using var fixture = new Fixture();
        fixture.Environment["SSCMA_STANDIN_SLEEP"] = "train";
        using var build = DotNet.Start(fixture.Folder, fixture.Environment, "build", "-tl:off");
        var worker = WaitForWorker(fixture.Environment["SSCMA_STANDIN_RECORD"]);
        using (var kill = Process.Start("kill", ["-" + signal, build.Id.ToString(CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        Assert.IsTrue(Patience.Until(() => !IsAlive(worker)), $"the worker {worker} outlived its build");
        Assert.IsTrue(build.WaitForExit(Patience.Limit));

        _ = fixture.Calls;
        fixture.Environment.Remove("SSCMA_STANDIN_SLEEP");
        fixture.Build().MustSucceed();
        Assert.HasCount(4, fixture.Calls);
    }

    private static int WaitForWorker(string record)
    {
        Assert.IsTrue(Patience.Until(() => File.Exists(record) && File.ReadAllText(record).EndsWith('\n')), "no worker was started");
        return int.Parse(File.ReadAllText(record).Trim().Split(' ')[^1], CultureInfo.InvariantCulture);
    }

    /// <summary>A process that ended but that nobody has waited for is not alive.</summary>
    private static bool IsAlive(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}

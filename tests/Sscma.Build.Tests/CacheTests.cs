using System.Diagnostics;
using System.Globalization;
using Sscma.Build.Tests.Support;
using Sscma.TestSupport;

namespace Sscma.Build.Tests;

/// <summary>A result that was made once is not made again: not after a clean, not in another clone, not by two builds at once.</summary>
[TestClass]
public sealed class CacheTests
{
    private const string Everything = "train parts_detector; export parts_detector; evaluate parts_detector; embed parts_detector";
    private const string Running = "bolt,nut 32\nTrue\n0.6 0.9";

    private readonly string _cache = TestPaths.Scratch();

    [TestCleanup]
    public void Remove() => Directory.Delete(_cache, recursive: true);

    [TestMethod]
    public void A_removed_work_folder_a_second_clone_and_an_earlier_branch_train_nothing()
    {
        using var first = Cached();
        first.Build().MustSucceed();
        Assert.AreEqual(Everything, Calls(first));
        var model = File.ReadAllBytes(first.Work("parts_detector.tflite"));

        // git clean -xdf
        Directory.Delete(first.PathOf("obj"), recursive: true);
        Directory.Delete(first.PathOf("bin"), recursive: true);
        var log = first.Build().MustSucceed().Output;
        Assert.AreEqual("", Calls(first));
        foreach (var stage in new[] { "train", "export", "evaluate", "embed" })
            Assert.Contains($"parts_detector: {stage}: taken from the cache", log);
        Assert.AreEqual(Running, first.Run());
        Assert.AreEqual("trained\n", File.ReadAllText(first.Work("train.log")), "records come with the outputs");
        first.Build().MustSucceed();
        Assert.AreEqual("", Calls(first));

        using var second = Cached();
        foreach (var file in Directory.EnumerateFiles(second.PathOf("data"), "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-7));
        second.Build().MustSucceed();
        Assert.AreEqual("", Calls(second));
        CollectionAssert.AreEqual(model, File.ReadAllBytes(second.Work("parts_detector.tflite")));

        // Another branch, and back.
        second.Change("Seed=\"9\"");
        second.Build().MustSucceed();
        Assert.AreEqual(Everything, Calls(second));
        second.Write(Path.GetRelativePath(second.Folder, second.Work("embed/Old.g.cs")), "left by another class name");
        second.Change("MinMap=\"0.5\" MinMap50=\"0.85\"");
        second.Build().MustSucceed();
        Assert.AreEqual("", Calls(second));
        Assert.IsFalse(File.Exists(second.Work("embed/Old.g.cs")), "what another way to embed left is gone");
        CollectionAssert.AreEqual(model, File.ReadAllBytes(second.Work("parts_detector.tflite")));
    }

    [TestMethod]
    public void Off_and_Read_write_nothing_and_a_damaged_entry_is_made_anew()
    {
        using var writer = Cached();
        writer.Build("-p:SscmaCache=Off").MustSucceed();
        Assert.AreEqual(Everything, Calls(writer));
        Assert.IsFalse(Directory.Exists(Path.Combine(_cache, "entries")));
        using var reader = Cached();
        reader.Build("-p:SscmaCache=read").MustSucceed();
        Assert.AreEqual(Everything, Calls(reader));
        Assert.IsFalse(Directory.Exists(Path.Combine(_cache, "entries")));

        reader.Build("-t:SscmaClean").MustSucceed();
        reader.Build().MustSucceed();
        Assert.AreEqual(Everything, Calls(reader));
        using var third = Cached();
        third.Build("-p:SscmaCache=Read").MustSucceed();
        Assert.AreEqual("", Calls(third));

        // One bit of the weights turned over.
        var weights = Directory.GetDirectories(Path.Combine(_cache, "entries"), "train-*").SelectMany(Directory.GetFiles).First(file => File.ReadAllText(file).StartsWith("weights", StringComparison.Ordinal));
        var bytes = File.ReadAllBytes(weights);
        bytes[5] ^= 1;
        File.WriteAllBytes(weights, bytes);
        third.Build("-t:SscmaClean").MustSucceed();
        var result = third.Build();
        Assert.AreEqual("warning SSCMA9009", string.Join(", ", result.Diagnostics), result.Output);
        Assert.AreEqual("train parts_detector", Calls(third));
        third.Build("-t:SscmaClean").MustSucceed();
        third.Build().MustSucceed();
        Assert.AreEqual("", Calls(third));

        third.Build("-p:SscmaCache=On").MustFailWith("SSCMA9008");
        third.Build("-p:SscmaCacheSize=much").MustFailWith("SSCMA9008");
    }

    [TestMethod]
    public void Its_size_is_bounded_and_the_longest_unused_goes_first()
    {
        using var fixture = Cached();
        fixture.Build("-t:SscmaTrain").MustSucceed();
        fixture.Change("Seed=\"1\"");
        fixture.Build("-t:SscmaTrain").MustSucceed();
        var entries = Directory.GetDirectories(Path.Combine(_cache, "entries")).Select(entry => new DirectoryInfo(entry)).ToList();
        Assert.HasCount(2, entries);
        var size = entries.Max(entry => entry.EnumerateFiles().Sum(file => file.Length));

        // The older one is used again, so the other has to go when a third comes.
        foreach (var entry in entries)
            File.SetLastWriteTimeUtc(Path.Combine(entry.FullName, "manifest"), DateTime.UtcNow.AddHours(-1));
        fixture.Change("MinMap=\"0.5\" MinMap50=\"0.85\"");
        fixture.Build("-t:SscmaTrain").MustSucceed();
        _ = fixture.Calls;
        fixture.Change("Seed=\"2\"");
        fixture.Build("-t:SscmaTrain", FormattableString.Invariant($"-p:SscmaCacheSize={2 * size + 100}")).MustSucceed();
        Assert.AreEqual("train parts_detector", Calls(fixture));
        fixture.Build("-t:SscmaClean").MustSucceed();
        fixture.Change("MinMap=\"0.5\" MinMap50=\"0.85\"");
        fixture.Build("-t:SscmaTrain").MustSucceed();
        Assert.AreEqual("", Calls(fixture));
        fixture.Change("Seed=\"1\"");
        fixture.Build("-t:SscmaTrain").MustSucceed();
        Assert.AreEqual("train parts_detector", Calls(fixture));
    }

    [TestMethod]
    public void Projects_of_a_solution_that_declare_the_same_model_train_it_once()
    {
        using var fixture = Cached();
        fixture.Write("../Other/Other.csproj", File.ReadAllText(fixture.PathOf("App.csproj"))
            .Replace("DataRoot=\"data\"", "DataRoot=\"../App/data\"", StringComparison.Ordinal)
            .Replace("$(MSBuildProjectDirectory)/configs/", "$(MSBuildProjectDirectory)/../App/configs/", StringComparison.Ordinal)
            .Replace("<UseAppHost>", "<RootNamespace>App</RootNamespace><UseAppHost>", StringComparison.Ordinal));
        fixture.Write("../Other/Program.cs", File.ReadAllText(fixture.PathOf("Program.cs")));
        fixture.Write("../All.proj", """
            <Project DefaultTargets="Build">
              <Target Name="Restore"><MSBuild Projects="App/App.csproj;Other/Other.csproj" Targets="Restore" /></Target>
              <Target Name="Build"><MSBuild Projects="App/App.csproj;Other/Other.csproj" BuildInParallel="true" /></Target>
            </Project>
            """);
        fixture.Environment["SSCMA_STANDIN_PAUSE"] = "1500";
        fixture.Command("build", "../All.proj", "-m:2").MustSucceed();
        Assert.AreEqual(Everything, Calls(fixture));
        Assert.AreEqual(File.ReadAllText(fixture.Work("embed.stamp")), File.ReadAllText(fixture.PathOf("../Other/obj/sscma/parts_detector/embed.stamp")));
    }

    [TestMethod]
    [DataRow(false, DisplayName = "left alone")]
    [DataRow(true, DisplayName = "the one that trains is killed")]
    public void Two_clones_at_once_train_once_and_one_takes_over_from_one_that_was_killed(bool kill)
    {
        using var first = Cached();
        using var second = Cached();
        foreach (var clone in new[] { first, second })
        {
            clone.Command("restore").MustSucceed();
            clone.Environment["SSCMA_STANDIN_PAUSE"] = "3000";
        }

        using var training = DotNet.Start(first.Folder, first.Environment, "build", "--no-restore", "-t:SscmaTrain", "-tl:off");
        var record = first.Environment["SSCMA_STANDIN_RECORD"];
        Assert.IsTrue(Patience.Until(() => File.Exists(record) && File.ReadAllText(record).EndsWith('\n')), "no worker was started");
        var waiting = Task.Run(() => second.Build("-t:SscmaTrain").MustSucceed());
        if (kill)
        {
            using var signal = Process.Start("kill", ["-KILL", training.Id.ToString(CultureInfo.InvariantCulture)]);
            signal.WaitForExit();
        }

        Assert.IsTrue(training.WaitForExit(Patience.Limit));
        var log = waiting.Result.Output;
        Assert.AreEqual(kill ? "train parts_detector" : "", Calls(second), log);
        Assert.IsTrue(File.Exists(second.Work("weights.safetensors")));

        // Whatever happened, what the cache holds is whole.
        first.Environment["SSCMA_STANDIN_PAUSE"] = "0";
        _ = first.Calls;
        first.Build("-t:SscmaTrain").MustSucceed();
        Assert.AreEqual("", Calls(first));
        CollectionAssert.AreEqual(File.ReadAllBytes(second.Work("weights.safetensors")), File.ReadAllBytes(first.Work("weights.safetensors")));
    }

    private Fixture Cached()
    {
        var fixture = new Fixture();
        fixture.Environment["SscmaCache"] = "";
        fixture.Environment["SscmaCacheDir"] = _cache;
        return fixture;
    }

    private static string Calls(Fixture fixture) => string.Join("; ", fixture.Calls);
}

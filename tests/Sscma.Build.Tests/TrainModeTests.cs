using Sscma.Build.Tests.Support;

namespace Sscma.Build.Tests;

/// <summary>SscmaTrain and WarmStart: when a training that is due begins, and with what.</summary>
[TestClass]
public sealed class TrainModeTests
{
    [TestMethod]
    public void Never_takes_what_is_there_or_in_the_cache_and_else_fails()
    {
        using var fixture = new Fixture();
        fixture.Environment["SscmaCache"] = "";
        var line = fixture.Build("-p:SscmaTrain=Never").MustFailWith("SSCMA2106");
        Assert.Contains("'parts_detector'", line);
        Assert.IsEmpty(fixture.Calls);

        fixture.Build().MustSucceed();
        fixture.Build("-p:SscmaTrain=never", "-p:SscmaLoaderThreads=3", "-p:SscmaCheckpointMinutes=0.5").MustSucceed();
        fixture.Build("-t:SscmaClean").MustSucceed();
        _ = fixture.Calls;
        fixture.Build("-p:SscmaTrain=Never").MustSucceed();
        Assert.IsEmpty(fixture.Calls);

        // The other stages may run.
        fixture.Change("CalibrationImages=\"7\"");
        fixture.Build("-p:SscmaTrain=Never").MustSucceed();
        Assert.AreEqual("export parts_detector; embed parts_detector", string.Join("; ", fixture.Calls));
        fixture.Change("Seed=\"3\"");
        Assert.Contains("Seed 0 → 3", fixture.Build("-p:SscmaTrain=Never").MustFailWith("SSCMA2106"));
        Assert.IsEmpty(fixture.Calls);
        fixture.Build("-p:SscmaTrain=Sometimes").MustFailWith("SSCMA9008");
        Assert.Contains("SscmaLoaderThreads is '0'", fixture.Build("-p:SscmaLoaderThreads=0").MustFailWith("SSCMA9008"));
        Assert.Contains("SscmaCheckpointMinutes is 'often'", fixture.Build("-p:SscmaCheckpointMinutes=often").MustFailWith("SSCMA9008"));
    }

    [TestMethod]
    public void IfMissing_keeps_the_model_that_is_there_with_a_warning()
    {
        using var fixture = new Fixture();
        fixture.Build("-p:SscmaTrain=IfMissing").MustSucceed();
        Assert.HasCount(4, fixture.Calls);
        var weights = File.ReadAllText(fixture.Work("weights.safetensors"));

        fixture.Change("CfgOptions=\"optim.lr=0.5\"");
        for (var i = 0; i < 2; i++)
        {
            var result = fixture.Build("-p:SscmaTrain=IfMissing");
            Assert.AreEqual(0, result.ExitCode, result.Output);
            Assert.AreEqual("warning SSCMA2107", string.Join(", ", result.Diagnostics), result.Output);
            Assert.Contains("CfgOptions optim.lr (not set) → 0.5", result.DiagnosticLines[0]);
            Assert.IsEmpty(fixture.Calls);
            Assert.AreEqual(weights, File.ReadAllText(fixture.Work("weights.safetensors")));
        }

        // A model that failed its gate is not the one to keep.
        fixture.Change("CfgOptions=\"optim.lr=0.7\" MinMap=\"0.7\"");
        fixture.Build().MustFailWith("SSCMA4002");
        Assert.AreNotEqual(weights, File.ReadAllText(fixture.Work("weights.safetensors")));
        fixture.Change("CfgOptions=\"optim.lr=0.5\"");
        var kept = fixture.Build("-p:SscmaTrain=IfMissing");
        Assert.AreEqual("warning SSCMA2107", string.Join(", ", kept.Diagnostics), kept.Output);
        Assert.AreEqual(weights, File.ReadAllText(fixture.Work("weights.safetensors")));
        _ = fixture.Calls;

        var log = fixture.Build().MustSucceed().Output;
        Assert.Contains("training again: CfgOptions optim.lr (not set) → 0.5", log);
        Assert.AreEqual("train parts_detector; export parts_detector; evaluate parts_detector; embed parts_detector", string.Join("; ", fixture.Calls));

        File.Delete(fixture.Work("weights.safetensors"));
        Assert.Contains("taken from the last accepted model", fixture.Build("-p:SscmaTrain=IfMissing").MustSucceed().Output);
        Assert.IsEmpty(fixture.Calls);
        Directory.Delete(fixture.Work("accepted"), recursive: true);
        File.Delete(fixture.Work("weights.safetensors"));
        fixture.Build("-p:SscmaTrain=IfMissing").MustSucceed();
        Assert.AreEqual("train parts_detector", string.Join("; ", fixture.Calls), "what is missing is trained");
    }

    [TestMethod]
    public void A_warm_start_goes_on_from_the_last_accepted_weights_once()
    {
        using var fixture = new Fixture();
        fixture.Environment["SscmaCache"] = "";
        fixture.Change("WarmStart=\"true\"");
        fixture.Build().MustSucceed();
        Assert.DoesNotContain("warmStart", File.ReadAllText(fixture.Work("train.options")), "nothing was accepted before");
        fixture.Build().MustSucceed();
        Assert.HasCount(4, fixture.Calls, "being accepted is no reason to train again");
        var first = fixture.Digest("weights.safetensors");

        // A model that fails its gate is no start for the next one.
        fixture.Change("WarmStart=\"true\" Seed=\"1\" MinMap=\"0.7\"");
        fixture.Build().MustFailWith("SSCMA4002");
        Assert.Contains($"warmStart={first} ", File.ReadAllText(fixture.Work("train.options")));
        fixture.Change("WarmStart=\"true\" Seed=\"2\" WarmStartEpochs=\"5\"");
        fixture.Build().MustSucceed();
        var options = File.ReadAllText(fixture.Work("train.options"));
        Assert.Contains($"warmStart={first} {fixture.Digest("accepted/training.json")} 5", options);
        _ = fixture.Calls;
        fixture.Build().MustSucceed();
        Assert.IsEmpty(fixture.Calls);

        // A clone with the same inputs takes the result although it has nothing to start from.
        fixture.Build("-t:SscmaClean").MustSucceed();
        fixture.Build().MustSucceed();
        Assert.IsEmpty(fixture.Calls);

        fixture.Change("WarmStart=\"maybe\"");
        Assert.Contains("expected true or false", fixture.Build().MustFailWith("SSCMA2102"));
    }
}

using Sscma.Build.Tests.Support;

namespace Sscma.Build.Tests;

/// <summary>What runs, and what does not run again.</summary>
[TestClass]
public sealed class BuildTests
{
    private const string Running = "bolt,nut 32\nTrue\n0.6 0.9";

    private static readonly string[] Everything =
        ["train parts_detector", "export parts_detector", "evaluate parts_detector", "embed parts_detector"];

    [TestMethod]
    public void A_first_build_runs_every_stage_once_and_embeds_and_a_second_one_starts_no_worker()
    {
        using var fixture = new Fixture();
        fixture.Build().MustSucceed();
        MustHaveCalled(fixture, Everything);
        Assert.AreEqual(Running, fixture.Run());

        var second = fixture.Build().MustSucceed();
        MustHaveCalled(fixture);
        foreach (var target in new[] { "SscmaTrain", "SscmaExport", "SscmaEvaluate", "SscmaEmbed" })
            Assert.Contains($"Skipping target \"{target}\" because all output files are up-to-date", second.Output);
        Assert.AreEqual(Running, fixture.Run());
    }

    [TestMethod]
    public void Contents_decide_and_time_stamps_do_not()
    {
        using var fixture = new Fixture();
        fixture.Build().MustSucceed();
        MustHaveCalled(fixture, Everything);

        // Everything touched, in an order that no build leaves: inputs newer than outputs, keys newer than stamps.
        var time = DateTime.UtcNow.AddDays(-3);
        foreach (var path in Directory.EnumerateFiles(fixture.Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Reverse())
            File.SetLastWriteTimeUtc(path, time = time.AddSeconds(7));
        fixture.Build().MustSucceed();
        MustHaveCalled(fixture);

        fixture.Write("data/train/unused.png", "no annotation names this picture");
        fixture.Build().MustSucceed();
        MustHaveCalled(fixture);

        // One box moved by one pixel.
        var annotations = fixture.PathOf("data/valid/_annotations.coco.json");
        File.WriteAllText(annotations, File.ReadAllText(annotations).Replace("[1, 1, 4, 4]", "[2, 1, 4, 4]", StringComparison.Ordinal));
        var log = fixture.Build().MustSucceed().Output;
        // The stand-in's weights do not depend on the validation split, so the same bytes come out and the export need not run;
        // the provenance, which the embed stage writes, names another split.
        MustHaveCalled(fixture, "train parts_detector", "evaluate parts_detector", "embed parts_detector");
        Assert.Contains("parts_detector: training again: annotations of the validation split", log);

        // A training picture may also be a calibration picture.
        fixture.Write("data/train/one ü.png", "other pixels");
        log = fixture.Build().MustSucceed().Output;
        MustHaveCalled(fixture, "train parts_detector", "export parts_detector", "embed parts_detector");
        Assert.Contains("training again: images of the training split: 1 changed (one ü.png)", log);
    }

    [TestMethod]
    public void An_option_reruns_its_stage_and_says_why()
    {
        using var fixture = new Fixture();
        fixture.Build().MustSucceed();
        MustHaveCalled(fixture, Everything);
        Assert.Contains("usualResize=Stretch\n", File.ReadAllText(fixture.Work("train.key")), "as the firmware, unless someone says something else");

        fixture.Change("Resize=\"keepratio\" CfgOptions=\"optim.lr=0.001; train.threads=2\"");
        var log = fixture.Build().MustSucceed().Output;
        MustHaveCalled(fixture, Everything);
        Assert.Contains("parts_detector: training again: Resize (not set) → KeepRatio, CfgOptions optim.lr (not set) → 0.001, CfgOptions train.threads (not set) → 2", log);

        fixture.Change("Resize=\"keepratio\" CfgOptions=\"optim.lr=0.001; train.threads=2\" CalibrationImages=\"7\"");
        log = fixture.Build().MustSucceed().Output;
        MustHaveCalled(fixture, "export parts_detector", "embed parts_detector");
        Assert.Contains("exporting again: CalibrationImages 100 → 7", log);

        fixture.Change("Resize=\"keepratio\" CfgOptions=\"optim.lr=0.001; train.threads=2\" CalibrationImages=\"7\" Namespace=\"App\" ClassName=\"Parts\"");
        var renamed = fixture.Build();
        MustHaveCalled(fixture, "embed parts_detector");
        Assert.Contains("CS0234", renamed.Output, "the class has its new name");
        Assert.IsFalse(File.Exists(fixture.Work("embed/PartsDetector.g.cs")), "the old class is gone");
    }

    [TestMethod]
    public void A_configuration_that_is_inherited_decides_as_well()
    {
        using var fixture = new Fixture();
        fixture.Write("own.yaml", "_base_: 'house.yaml'   # ours\ntrain: {seed: 3}\n");
        fixture.Write("house.yaml", "# nothing but\n_base_: rtmdet_nano_8xb32_300e_coco.yaml\n");
        fixture.Change("Config=\"own.yaml\"");
        fixture.Build().MustSucceed();
        MustHaveCalled(fixture, Everything);

        fixture.Write("configs/rtmdet_nano_8xb32_300e_coco.yaml", "a: 3\n");
        var log = fixture.Build().MustSucceed().Output;
        MustHaveCalled(fixture, "train parts_detector", "embed parts_detector");
        Assert.Contains("parts_detector: training again: the inherited configuration 'rtmdet_nano_8xb32_300e_coco.yaml'", log);
    }

    [TestMethod]
    public void Pretrained_weights_decide_by_their_content()
    {
        using var fixture = new Fixture();
        fixture.Write("start ü.pth", "numbers");
        fixture.Change("Pretrained=\"start ü.pth\"");
        fixture.Build().MustSucceed();
        MustHaveCalled(fixture, Everything);

        fixture.Write("start ü.pth", "other numbers");
        var log = fixture.Build().MustSucceed().Output;
        MustHaveCalled(fixture, "train parts_detector", "embed parts_detector");
        Assert.Contains("parts_detector: training again: the pretrained weights", log);
    }

    [TestMethod]
    public void A_threshold_reruns_only_the_gate()
    {
        using var fixture = new Fixture();
        fixture.Build().MustSucceed();
        MustHaveCalled(fixture, Everything);
        File.Delete(fixture.PathOf("bin/Debug/net10.0/App.dll"));

        var line = fixture.Build("-p:SscmaMinMap=0.99").MustFailWith("SSCMA4002");
        MustHaveCalled(fixture);
        foreach (var part in new[] { "App.csproj", "'parts_detector'", "mAP ", "0.6000", "MinMap 0.99", fixture.Work("evaluation.txt") })
            Assert.Contains(part, line);
        Assert.IsFalse(File.Exists(fixture.PathOf("bin/Debug/net10.0/App.dll")), "no assembly with an unproven model");

        fixture.Build().MustSucceed();
        MustHaveCalled(fixture);
        Assert.AreEqual(Running, fixture.Run());
    }

    [TestMethod]
    public void A_lost_artifact_brings_back_what_is_needed_and_no_more()
    {
        using var fixture = new Fixture();
        fixture.Build().MustSucceed();
        MustHaveCalled(fixture, Everything);
        foreach (var (artifact, stage) in new[]
        {
            ("metrics.json", "evaluate"), ("parts_detector.tflite", "export"), ("model.onnx", "train"), ("embed/PartsDetector.g.cs", "embed"),
        })
        {
            if (stage == "train")
            {
                // The last accepted training is kept apart; only without it there is something to do again.
                File.Delete(fixture.Work(artifact));
                fixture.Build().MustSucceed();
                MustHaveCalled(fixture);
                Directory.Delete(fixture.Work("accepted"), recursive: true);
            }

            File.Delete(fixture.Work(artifact));
            var log = fixture.Build().MustSucceed().Output;
            MustHaveCalled(fixture, $"{stage} parts_detector");
            Assert.Contains($"again: {artifact} is missing", log);
            Assert.IsTrue(File.Exists(fixture.Work(artifact)), artifact);
        }

        // Changed by hand: not what the stage wrote.
        Directory.Delete(fixture.Work("accepted"), recursive: true);
        File.AppendAllText(fixture.Work("model.onnx"), "!");
        fixture.Build().MustSucceed();
        MustHaveCalled(fixture, "train parts_detector");
    }

    [TestMethod]
    public void Clean_keeps_weights_and_SscmaClean_removes_everything()
    {
        using var fixture = new Fixture();
        fixture.Build().MustSucceed();
        MustHaveCalled(fixture, Everything);

        fixture.Command("clean").MustSucceed();
        Assert.IsFalse(File.Exists(fixture.Work("embed/PartsDetector.g.cs")));
        Assert.IsTrue(File.Exists(fixture.Work("weights.safetensors")));
        MustHaveCalled(fixture);
        fixture.Build("-t:Rebuild").MustSucceed();
        MustHaveCalled(fixture, "embed parts_detector");

        fixture.Build("-t:SscmaClean").MustSucceed();
        Assert.IsFalse(Directory.Exists(fixture.PathOf("obj/sscma")));
        fixture.Build("-t:SscmaTrain").MustSucceed();
        MustHaveCalled(fixture, "train parts_detector");
        fixture.Build("-t:SscmaEvaluate", "-c", "Release").MustSucceed();
        MustHaveCalled(fixture, "export parts_detector", "evaluate parts_detector");
    }

    [TestMethod]
    public void A_work_folder_that_holds_the_project_is_not_removed()
    {
        using var fixture = new Fixture();
        fixture.Build("-t:SscmaClean", "-p:SscmaWorkFolder=./").MustFailWith("SSCMA9007");
        Assert.IsTrue(File.Exists(fixture.PathOf("App.csproj")));
    }

    private static void MustHaveCalled(Fixture fixture, params string[] expected) =>
        Assert.AreEqual(string.Join("; ", expected), string.Join("; ", fixture.Calls));
}

using System.Text.Json;
using Sscma.Build.Tests.Support;
using Sscma.Natives;
using Sscma.TestSupport;

namespace Sscma.Build.Tests;

/// <summary>The real worker, on so little that it takes seconds: what must hold of real bytes.</summary>
[TestClass]
[DoNotParallelize]
public sealed class RealWorkerTests
{
    private const string Tiny = """
        ImageSize="64" BatchSize="4" LearningRate="0.002"
        CfgOptions="augmentation.order=[resize,crop,hsv,flip,pad]; train.stage2_epochs=1; optim.auto_scale_lr=false"
        """;

    [TestMethod]
    public void Two_clones_in_other_folders_at_other_times_make_the_same_bytes()
    {
        using var first = Project(cache: null);
        using var second = Project(cache: null);
        foreach (var file in Directory.EnumerateFiles(second.Folder, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddYears(-1));
        second.Environment["SSCMA_ANYTHING"] = "else";
        foreach (var clone in new[] { first, second })
        {
            clone.Items = clone.Items
                .Replace("MaxEpochs=\"2\"", "MaxEpochs=\"1\" Quantization=\"qat\"", StringComparison.Ordinal)
                .Replace("train.stage2_epochs=1;", "train.stage2_epochs=1; quantization.epochs=1;", StringComparison.Ordinal);
            clone.Save();
            clone.Build().MustSucceed();
        }

        string[] made =
        [
            "weights.safetensors", "model.onnx", "training.json", "train.html", "config.effective.yaml", "parts_detector.tflite", "export.json",
            "metrics.json", "evaluation.txt", "embed/PartsDetector.g.cs", "model.provenance.json",
        ];
        foreach (var file in made)
            Assert.AreEqual(first.Digest(file), second.Digest(file), file);
        using var export = JsonDocument.Parse(File.ReadAllBytes(first.Work("export.json")));
        Assert.AreEqual("learnt", export.RootElement.GetProperty("calibration").GetProperty("method").GetString(), "unless the item says something else");
    }

    [TestMethod]
    public void The_cache_gives_back_real_results_and_a_longer_schedule_goes_on_from_them()
    {
        var cache = TestPaths.Scratch();
        using var fixture = Project(cache);
        fixture.Build().MustSucceed();
        var weights = fixture.Digest("weights.safetensors");
        var model = fixture.Digest("parts_detector.tflite");
        var page = fixture.Digest("train.html");

        Directory.Delete(fixture.PathOf("obj"), recursive: true);
        var log = fixture.Build("-p:SscmaTrain=Never").MustSucceed().Output;
        Assert.DoesNotContain("Epoch(train)", log);
        Assert.AreEqual(weights, fixture.Digest("weights.safetensors"));
        Assert.AreEqual(model, fixture.Digest("parts_detector.tflite"));
        Assert.AreEqual(page, fixture.Digest("train.html"));
        Assert.StartsWith("square,disc 64\nTrue", fixture.Run());

        fixture.Items = fixture.Items.Replace("MaxEpochs=\"2\"", "MaxEpochs=\"3\" WarmStart=\"true\"", StringComparison.Ordinal);
        fixture.Save();
        log = fixture.Build().MustSucceed().Output;
        Assert.Contains("parts_detector: training again: MaxEpochs 2 → 3", log);
        Assert.Contains("Warm start: 1 epochs more, from accepted weights that have seen 2.", log);
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(fixture.Work("metrics.json")));
        Assert.AreEqual(weights, metrics.RootElement.GetProperty("lineage")[0].GetProperty("weights").GetString());
        Assert.DoesNotContain("Epoch(train)", fixture.Build().MustSucceed().Output);
        Directory.Delete(cache, recursive: true);
    }

    [TestMethod]
    public void Codes_of_16_bits_are_exported_scored_and_embedded_and_a_second_build_rests()
    {
        using var fixture = Project(cache: null);
        fixture.Items = fixture.Items.Replace("MaxEpochs=\"2\"", "MaxEpochs=\"1\" Precision=\"int16x8\" TargetRuntime=\"generic\" MinMap=\"0\"", StringComparison.Ordinal);
        fixture.Save();
        fixture.Build().MustSucceed();

        var file = File.ReadAllBytes(fixture.Work("parts_detector.tflite"));
        Assert.IsGreaterThan(0, file.AsSpan().IndexOf("\"precision\":\"int16x8\""u8));
        using var export = JsonDocument.Parse(File.ReadAllBytes(fixture.Work("export.json")));
        Assert.AreEqual("int16x8", export.RootElement.GetProperty("precision").GetString());
        var ratios = export.RootElement.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("sqnrDb")).Where(ratio => ratio.ValueKind == JsonValueKind.Number).ToList();
        Assert.IsGreaterThan(45, ratios.Min(ratio => ratio.GetDouble()), "no codes of 8 bits come that near to the float model");
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(fixture.Work("metrics.json")));
        Assert.AreEqual(fixture.Digest("parts_detector.tflite"), metrics.RootElement.GetProperty("tflite").GetProperty("sha256").GetString(), "it is this file that was scored");
        Assert.StartsWith("square,disc 64\nTrue", fixture.Run());

        var written = File.GetLastWriteTimeUtc(fixture.Work("parts_detector.tflite"));
        var scored = File.GetLastWriteTimeUtc(fixture.Work("metrics.json"));
        Assert.DoesNotContain("Epoch(train)", fixture.Build().MustSucceed().Output);
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(fixture.Work("parts_detector.tflite")));
        Assert.AreEqual(scored, File.GetLastWriteTimeUtc(fixture.Work("metrics.json")));
    }

    [TestMethod]
    public void A_device_that_is_absent_and_a_libtorch_that_is_none_are_errors_that_say_what_to_do()
    {
        using var fixture = Project(cache: null);
        var libtorch = Directory.CreateDirectory(fixture.PathOf("lib torch")).FullName;
        foreach (var file in Directory.GetFiles(NativeLibraries.TorchFolder!))
            File.CreateSymbolicLink(Path.Combine(libtorch, Path.GetFileName(file)), file);

        var line = fixture.Build("-p:SscmaDevice=cuda", "-p:SscmaLibTorch=lib torch").MustFailWith("SSCMA2054");
        Assert.Contains($"the libtorch in '{libtorch}' is the one for the processor", line);
        Assert.Contains("SscmaLibTorch", line);
        Assert.Contains("SscmaDevice is 'gpu', expected one of auto, cpu, cuda, mps", fixture.Build("-p:SscmaDevice=gpu").MustFailWith("SSCMA2054"));
        Assert.Contains(fixture.PathOf("data"), fixture.Build("-p:SscmaLibTorch=data").MustFailWith("SSCMA9008"));
        Assert.Contains("Device: cpu", fixture.Build("-t:SscmaTrain", "-p:SscmaDevice=Auto", "-p:SscmaLibTorch=lib torch").MustSucceed().Output);
    }

    [TestMethod]
    public void Any_folder_name_works_and_a_picture_whose_name_differs_in_case_is_named()
    {
        using var fixture = Project(cache: null, "日本 it's; 50% a@b $(x) #1, (2) & =");
        fixture.Build().MustSucceed();
        Assert.StartsWith("square,disc 64\nTrue", fixture.Run());
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
            return;

        // There it is found; here the build says which file was meant.
        File.Move(fixture.PathOf("data/valid/picture ü 2.png"), fixture.PathOf("data/valid/Picture Ü 2.PNG"));
        var line = fixture.Build().MustFailWith("SSCMA1011");
        Assert.Contains($"There is '{fixture.PathOf("data/valid/Picture Ü 2.PNG")}', which differs in upper and lower case only", line);
        Directory.Move(fixture.PathOf("data"), fixture.PathOf("Data"));
        Assert.Contains($"There is '{fixture.PathOf("Data")}', which differs", fixture.Build().MustFailWith("SSCMA1103"));
    }

    [TestMethod]
    public void A_coco_and_a_yolo_dataset_become_one_model_that_stretches_and_is_scored_on_its_test_split()
    {
        using var fixture = Project(cache: null);
        Drawing.Split(fixture.PathOf("data/test"), 3, seed: 3);
        foreach (var (split, images) in new[] { ("train", 6), ("val", 2) })
            Drawing.YoloSplit(fixture.PathOf($"yolo/images/{split}"), fixture.PathOf($"yolo/labels/{split}"), images, seed: 10 + images);
        fixture.Write("yolo/data.yaml", "train: images/train\nval: images/val\nnames: { 0: box, 1: disc }\n");
        fixture.Properties += "<DefaultItemExcludes>$(DefaultItemExcludes);yolo/**</DefaultItemExcludes>";
        fixture.Items = fixture.Items
            .Replace("ValAnnFile=", "TestAnnFile=\"test/_annotations.coco.json\" TestImgPrefix=\"test/\" ValAnnFile=", StringComparison.Ordinal)
            .Replace("Dataset=\"parts\"", "Dataset=\"parts;more\" Resize=\"stretch\" GateSplit=\"test\" MinMap=\"0\"", StringComparison.Ordinal)
            + "<SscmaDataset Include=\"more\" Format=\"Yolo\" DataRoot=\"yolo\" ClassMap=\"box=square\" />";
        fixture.Save();

        fixture.Build().MustSucceed();
        Assert.StartsWith("square,disc 64\nTrue", fixture.Run());
        using var training = JsonDocument.Parse(File.ReadAllBytes(fixture.Work("training.json")));
        Assert.AreEqual(18, training.RootElement.GetProperty("data").GetProperty("trainImages").GetInt32());
        Assert.AreEqual(6, training.RootElement.GetProperty("data").GetProperty("valImages").GetInt32());
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(fixture.Work("metrics.json")));
        Assert.AreEqual(6, metrics.RootElement.GetProperty("dataset").GetProperty("images").GetInt32());
        Assert.AreEqual(3, metrics.RootElement.GetProperty("test").GetProperty("dataset").GetProperty("images").GetInt32());
        Assert.AreEqual("Stretch", metrics.RootElement.GetProperty("decoding").GetProperty("resize").GetString(), "what the item says reaches the file, and the file is asked");
        Assert.Contains("  resize: stretch\n", File.ReadAllText(fixture.Work("config.effective.yaml")));
        Assert.Contains("const string Resize = \"Stretch\";", File.ReadAllText(fixture.Work("embed/PartsDetector.g.cs")));
        Assert.Contains("train.1.images/images/train/picture 1.png", File.ReadAllText(fixture.Work("model.provenance.json")));
    }

    private static Fixture Project(string? cache, string folder = "App")
    {
        var fixture = new Fixture(folder)
        {
            Worker = Fixture.RealWorker,
            Properties = "<SscmaUseShippedConfigs>true</SscmaUseShippedConfigs>",
            Items = Fixture.Item(metadata: Tiny).Replace("MaxEpochs=\"3\"", "MaxEpochs=\"2\"", StringComparison.Ordinal),
        };
        if (cache is not null)
        {
            fixture.Environment["SscmaCache"] = "";
            fixture.Environment["SscmaCacheDir"] = cache;
        }

        Drawing.Split(fixture.PathOf("data/train"), 12, seed: 1);
        Drawing.Split(fixture.PathOf("data/valid"), 4, seed: 2);
        fixture.Save();
        return fixture;
    }
}

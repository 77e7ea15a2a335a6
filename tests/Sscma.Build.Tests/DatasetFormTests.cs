using Sscma.Build.Tests.Support;

namespace Sscma.Build.Tests;

/// <summary>Datasets in other forms than one COCO file, and models that start with a file.</summary>
[TestClass]
public sealed class DatasetFormTests
{
    [TestMethod]
    public void Several_datasets_patterns_and_a_class_map_reach_the_worker_and_decide_the_key()
    {
        using var fixture = new Fixture();
        fixture.Write("data/more/cam2/_annotations.coco.json", File.ReadAllText(fixture.PathOf("data/train/_annotations.coco.json")));
        fixture.Write("data/more/cam1/_annotations.coco.json", File.ReadAllText(fixture.PathOf("data/train/_annotations.coco.json")));
        fixture.Write("data/more/cam1/one ü.png", "pixels");
        fixture.Write("data/more/cam2/one ü.png", "pixels");
        fixture.Items = Fixture.Item(dataset: "parts;mo*") + """
            <SscmaDataset Include="more" DataRoot="data" TrainAnnFile="more/*/_annotations.coco.json" ValAnnFile="valid/_annotations.coco.json" ValImgPrefix="valid" ClassMap="bolt=screw;nut=" />
            """;
        fixture.Save();
        fixture.Build().MustSucceed();
        _ = fixture.Calls;
        var options = File.ReadAllLines(fixture.Work("train.options"));
        foreach (var line in new[]
        {
            "train.count=3", "val.count=2", "train.0.name=parts", "train.1.name=more/more/cam1/_annotations.coco.json", "train.2.name=more/more/cam2/_annotations.coco.json",
            "train.0.classMap=", "train.1.classMap=bolt=screw;nut=", $"train.1.images={fixture.PathOf("data/more/cam1")}", "val.1.split=val",
        })
        {
            Assert.Contains(line, options);
        }

        fixture.Build().MustSucceed();
        Assert.IsEmpty(fixture.Calls);
        File.AppendAllText(fixture.PathOf("data/more/cam2/one ü.png"), "!");
        Assert.Contains("parts_detector: training again: images of the training split: 1 changed (one ü.png)", fixture.Build().MustSucceed().Output);
        Assert.AreEqual("train parts_detector", fixture.Calls[0]);
    }

    [TestMethod]
    [DataRow("Yolo")]
    [DataRow("Voc")]
    public void A_changed_box_of_a_folder_dataset_trains_again_and_a_touched_file_does_not(string format)
    {
        using var fixture = new Fixture();
        fixture.Write("set/data.yaml", "train: images/train\nval: images/val\nnames: [bolt]\n");
        foreach (var split in new[] { "train", "val" })
        {
            fixture.Write($"set/images/{split}/{split}.png", "pixels");
            fixture.Write($"set/labels/{split}/{split}.txt", "0 0.5 0.5 0.5 0.5\n");
            fixture.Write($"set/JPEGImages/{split}.png", "pixels");
            fixture.Write($"set/Annotations/{split}.xml", "<annotation/>");
            fixture.Write($"set/ImageSets/Main/{split}.txt", split + "\n");
        }

        fixture.Items = $"<SscmaDataset Include=\"set\" DataRoot=\"set\" Format=\"{format}\" /><SscmaModel Include=\"parts_detector\" />";
        fixture.Save();
        fixture.Build().MustSucceed();
        Assert.AreEqual("train parts_detector", fixture.Calls[0]);
        var (label, other) = format == "Yolo" ? ("set/labels/train/train.txt", "set/labels/val/val.txt") : ("set/Annotations/train.xml", "set/Annotations/val.xml");

        File.SetLastWriteTimeUtc(fixture.PathOf(label), DateTime.UtcNow.AddMinutes(-5));
        fixture.Write("set/images/unused.png", "of no split");
        fixture.Build().MustSucceed();
        Assert.IsEmpty(fixture.Calls);

        File.AppendAllText(fixture.PathOf(label), "\n");
        Assert.Contains($"images of the training split: 1 changed ({label[4..]})", fixture.Build().MustSucceed().Output);
        Assert.AreEqual("train parts_detector", fixture.Calls[0]);
        File.AppendAllText(fixture.PathOf(other), "\n");
        Assert.Contains("images of the validation split", fixture.Build("-t:SscmaEvaluate").MustSucceed().Output);
        Assert.AreEqual("train parts_detector; evaluate parts_detector", string.Join("; ", fixture.Calls));
    }

    [TestMethod]
    public void A_model_of_an_onnx_file_is_not_trained_and_the_gate_may_look_at_the_test_split()
    {
        using var fixture = new Fixture();
        fixture.Write("model ü.onnx", "first");
        fixture.Items = Fixture.Item(metadata: "Onnx=\"model ü.onnx\" MinMap=\"0.58\" WarmStart=\"true\"");
        fixture.Save();
        // 0.6 on the validation split; nothing is trained, so nothing is forbidden.
        Assert.DoesNotContain(": training", fixture.Build("-p:SscmaTrain=Never").MustSucceed().Output);
        Assert.Contains("copy of ", File.ReadAllText(fixture.Work("model.onnx")));
        Assert.IsFalse(File.Exists(fixture.Work("weights.safetensors")));
        _ = fixture.Calls;
        fixture.Write("model ü.onnx", "second");
        Assert.Contains("parts_detector: preparing again: the file that Onnx names", fixture.Build().MustSucceed().Output);
        Assert.AreEqual("train parts_detector; export parts_detector; evaluate parts_detector; embed parts_detector", string.Join("; ", fixture.Calls));

        // Nothing is trained, so the export is told how pictures come to the input.
        fixture.Change("Onnx=\"model ü.onnx\" MinMap=\"0.58\" Resize=\"stretch\"");
        fixture.Build().MustSucceed();
        Assert.AreEqual("export parts_detector", fixture.Calls[0]);
        Assert.Contains("resize=Stretch\n", File.ReadAllText(fixture.Work("export.key")));

        // Nor does anything else know what the file expects of a pixel.
        fixture.Change("Onnx=\"model ü.onnx\" MinMap=\"0.58\" Resize=\"stretch\" InputMean=\" 123.675; 116.28 ;103.53\" InputStd=\"58.4\" InputChannels=\"bgr\"");
        Assert.Contains("parts_detector: exporting again: InputMean (not set) → 123.675;116.28;103.53, InputStd (not set) → 58.4, InputChannels (not set) → BGR", fixture.Build().MustSucceed().Output);
        Assert.AreEqual("export parts_detector", fixture.Calls[0]);

        fixture.Items = Fixture.Item(metadata: "Onnx=\"model ü.onnx\" MinMap=\"0.58\" GateSplit=\"test\"")
            .Replace("ValAnnFile=", "TestAnnFile=\"valid/_annotations.coco.json\" TestImgPrefix=\"valid/\" ValAnnFile=", StringComparison.Ordinal);
        fixture.Save();
        Assert.Contains("on the test split, mAP of the .tflite file is 0.5500, below MinMap 0.58", fixture.Build().MustFailWith("SSCMA4002"));
        Assert.Contains("on the test split, device mAP of the .tflite file is 0.4500, below MinDeviceMap 0.46", fixture.Build("-p:SscmaMinMap=0", "-p:SscmaMinDeviceMap=0.46").MustFailWith("SSCMA4002"));
        fixture.Environment["SSCMA_STANDIN_TEST_MAP"] = "0.59";
        fixture.Environment["SSCMA_STANDIN_MAP"] = "0.1";
        File.Delete(fixture.Work("metrics.json"));
        Assert.Contains("on the test split, mAP 0.5900 reaches MinMap 0.58", fixture.Build().MustSucceed().Output);
    }

    [TestMethod]
    public void Every_mistake_is_one_error_at_its_item()
    {
        using var fixture = new Fixture();
        fixture.Write("a.onnx", "");
        fixture.Items = Fixture.Item(metadata: "GateSplit=\"test\"") + """
            <SscmaDataset Include="form" DataRoot="data" Format="Pascal" />
            <SscmaDataset Include="map" DataRoot="data" TrainAnnFile="train/_annotations.coco.json" ValAnnFile="valid/_annotations.coco.json" ClassMap="bolt:screw" />
            <SscmaDataset Include="glob" DataRoot="data" TrainAnnFile="**/nothing.json" ValAnnFile="valid/_annotations.coco.json" />
            <SscmaDataset Include="yolo" DataRoot="data" Format="yolo" />
            <SscmaDataset Include="voc" DataRoot="data" Format="Voc" />
            <SscmaModel Include="two" Dataset="parts" Onnx="a.onnx" Weights="a.onnx" />
            <SscmaModel Include="gone" Dataset="parts" Weights="gone.safetensors" />
            <SscmaModel Include="split" Dataset="parts" GateSplit="train" />
            <SscmaModel Include="none" Dataset="x*" />
            """;
        fixture.Save();
        var result = fixture.Build("-t:SscmaTrain");
        Assert.AreEqual(
            "error SSCMA1106, error SSCMA1107, error SSCMA1105, error SSCMA1103, error SSCMA1103, error SSCMA4006, error SSCMA2110, error SSCMA2111, error SSCMA4006, error SSCMA1101",
            string.Join(", ", result.Diagnostics),
            result.Output);
        var lines = File.ReadAllLines(fixture.PathOf("App.csproj"));
        foreach (var (name, diagnostic) in new[] { "form", "map", "glob", "yolo", "voc" }.Zip(result.DiagnosticLines))
            Assert.StartsWith($"{fixture.PathOf("App.csproj")}({Array.FindIndex(lines, line => line.Contains($"Include=\"{name}\"", StringComparison.Ordinal)) + 1},", diagnostic);
        Assert.IsEmpty(fixture.Calls);
    }
}

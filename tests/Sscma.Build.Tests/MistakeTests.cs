using Sscma.Build.Tests.Support;

namespace Sscma.Build.Tests;

/// <summary>Every mistake of a user is one coded error at its place; every bug of ours is one with its trace kept.</summary>
[TestClass]
public sealed class MistakeTests
{
    [TestMethod]
    [DataRow("parts_detector", "", "part", "data", "SSCMA1101", "Did you mean 'parts'?", DisplayName = "dataset unknown")]
    [DataRow("parts_detector", "", "parts", "datum", "SSCMA1103", "datum", DisplayName = "data root missing")]
    [DataRow("parts_detector", "", "parts", "", "SSCMA1102", "DataRoot", DisplayName = "no data root")]
    [DataRow("parts_detector", "Config=\"rtmdet_nano_8xb32_300e_coc\"", "parts", "data", "SSCMA2101", "Did you mean 'rtmdet_nano_8xb32_300e_coco'?", DisplayName = "config unknown")]
    [DataRow("parts_detector", "Pretrained=\"https://example.org/w.pth\"", "parts", "data", "SSCMA2108", "Set PretrainedSha256", DisplayName = "pretrained weights without a digest")]
    [DataRow("parts_detector", "Pretrained=\"w.pth\" PretrainedSha256=\"12ab\"", "parts", "data", "SSCMA2108", "expected 64 hexadecimal digits", DisplayName = "no digest")]
    [DataRow("parts_detector", "Pretrained=\"weights/w.pth\"", "parts", "data", "SSCMA2109", "w.pth", DisplayName = "pretrained weights missing")]
    [DataRow("parts_detector", "BatchSize=\"0\"", "parts", "data", "SSCMA2102", "BatchSize is '0'", DisplayName = "batch of nothing")]
    [DataRow("parts_detector", "ImageSize=\"100\"", "parts", "data", "SSCMA2102", "multiple of 32", DisplayName = "size no multiple of the stride")]
    [DataRow("parts_detector", "LearningRate=\"0,001\"", "parts", "data", "SSCMA2102", "LearningRate is '0,001'", DisplayName = "decimal comma")]
    [DataRow("parts_detector", "Precision=\"int4\"", "parts", "data", "SSCMA3011", "int8, int16x8, float16, float32", DisplayName = "precision unknown")]
    [DataRow("parts_detector", "Resize=\"Letterbox\"", "parts", "data", "SSCMA3011", "Resize is 'Letterbox', expected one of KeepRatio, Stretch", DisplayName = "resize unknown")]
    [DataRow("parts_detector", "Precision=\"Float32\"", "parts", "data", "SSCMA3012", "TargetRuntime=\"generic\"", DisplayName = "precision that the firmware does not run")]
    [DataRow("parts_detector", "InputMean=\"127.5\"", "parts", "data", "SSCMA2112", "has InputMean, which says what the file of Onnx expects", DisplayName = "expected input of no file")]
    [DataRow("parts_detector", "Onnx=\"Program.cs\" InputStd=\"58.4;0;57.4\"", "parts", "data", "SSCMA2102", "InputStd is '58.4;0;57.4', expected a number above 0, or one for each channel", DisplayName = "division by nothing")]
    [DataRow("parts_detector", "Onnx=\"Program.cs\" InputMean=\"58,4\"", "parts", "data", "SSCMA2102", "InputMean is '58,4', expected a number, or one for each channel", DisplayName = "mean with a decimal comma")]
    [DataRow("parts_detector", "Onnx=\"Program.cs\" InputChannels=\"HSV\"", "parts", "data", "SSCMA3011", "InputChannels is 'HSV', expected one of RGB, BGR", DisplayName = "channels unknown")]
    [DataRow("parts_detector", "Formats=\"tflite;onnxx\"", "parts", "data", "SSCMA3011", "'onnxx' is none of tflite, onnx, onnx-qdq", DisplayName = "format unknown")]
    [DataRow("parts_detector", "Formats=\"onnx\"", "parts", "data", "SSCMA3021", "Formats=\"tflite;onnx\"", DisplayName = "formats without tflite")]
    [DataRow("parts_detector", "Precision=\"float16\" TargetRuntime=\"generic\" Formats=\"tflite;ONNX-QDQ\"", "parts", "data", "SSCMA3020", "Set Precision=\"int8\"", DisplayName = "codes of a float file")]
    [DataRow("parts_detector", "MaxArenaSize=\"a lot\"", "parts", "data", "SSCMA2102", "such as 400KB", DisplayName = "size that is none")]
    [DataRow("parts_detector", "MinMap=\"50\"", "parts", "data", "SSCMA4001", "MinMap is '50'", DisplayName = "threshold in percent")]
    [DataRow("parts_detector", "MinMap50=\"NaN\"", "parts", "data", "SSCMA4001", "MinMap50 is 'NaN'", DisplayName = "threshold NaN")]
    [DataRow("parts_detector", "EmbedAs=\"Rust\"", "parts", "data", "SSCMA5001", "CSharp, C, None", DisplayName = "embed as unknown")]
    [DataRow("parts_detector", "ClassName=\"2Fast\"", "parts", "data", "SSCMA5002", "2Fast", DisplayName = "class name")]
    [DataRow("parts_detector", "Onnx=\"a.onnx\" Pretrained=\"Program.cs\"", "parts", "data", "SSCMA2110", "Onnx and Pretrained", DisplayName = "two starts")]
    [DataRow("parts/detector", "", "parts", "data", "SSCMA2104", "parts/detector", DisplayName = "model name")]
    public void A_mistake_in_an_item_is_one_error_with_its_line(string model, string metadata, string dataset, string root, string code, string part)
    {
        using var fixture = new Fixture();
        fixture.Items = Fixture.Item(model, metadata, dataset, root);
        fixture.Save();
        var line = fixture.Build("-t:SscmaTrain").MustFailWith(code);
        Assert.Contains(part, line);
        var item = code.StartsWith("SSCMA11", StringComparison.Ordinal) && code != "SSCMA1101" ? "<SscmaDataset" : "<SscmaModel";
        var first = File.ReadAllLines(fixture.PathOf("App.csproj")).Index().First(pair => pair.Item.Contains(item, StringComparison.Ordinal)).Index + 1;
        Assert.StartsWith($"{fixture.PathOf("App.csproj")}({first},", line);
        Assert.IsEmpty(fixture.Calls);
    }

    [TestMethod]
    public void A_missing_annotation_file_is_named()
    {
        using var fixture = new Fixture();
        File.Delete(fixture.PathOf("data/valid/_annotations.coco.json"));
        var line = fixture.Build().MustFailWith("SSCMA1103");
        Assert.Contains(fixture.PathOf("data/valid/_annotations.coco.json"), line);
        Assert.IsEmpty(fixture.Calls);
    }

    [TestMethod]
    public void Two_models_of_one_name_are_an_error_and_a_misspelt_metadata_name_is_a_warning()
    {
        using var fixture = new Fixture();
        fixture.Items = Fixture.Item(metadata: "MaxEpoch=\"3\"");
        fixture.Save();
        var result = fixture.Build();
        Assert.AreEqual("warning SSCMA2105", string.Join(", ", result.Diagnostics), result.Output);
        Assert.Contains("Did you mean 'MaxEpochs'?", result.DiagnosticLines[0]);

        fixture.Items = Fixture.Item() + "<SscmaModel Include=\"Parts_Detector\" Dataset=\"parts\" />";
        fixture.Save();
        fixture.Build().MustFailWith("SSCMA2103");
    }

    [TestMethod]
    public void What_the_worker_reports_is_the_builds_own_error_at_the_users_file()
    {
        using var fixture = new Fixture();
        fixture.Build().MustSucceed();
        _ = fixture.Calls;

        fixture.Change("Seed=\"5\"");
        fixture.Environment["SSCMA_STANDIN_FAIL"] = "train";
        fixture.Environment["SSCMA_STANDIN_WARN"] = "evaluate";
        var line = fixture.Build().MustFailWith("SSCMA1002");
        Assert.StartsWith($"{fixture.PathOf("data/train/_annotations.coco.json")}(7,2): error SSCMA1002: the stand-in was told to fail", line);
        Assert.AreEqual("train parts_detector", string.Join("; ", fixture.Calls));
        foreach (var stale in new[] { "model.onnx", "weights.safetensors", "parts_detector.tflite", "metrics.json" })
            Assert.IsFalse(File.Exists(fixture.Work(stale)), $"{stale} of the earlier training lies beside a failed one");

        fixture.Environment.Remove("SSCMA_STANDIN_FAIL");
        var warned = fixture.Build();
        Assert.AreEqual(0, warned.ExitCode, warned.Output);
        Assert.AreEqual("warning SSCMA1017", string.Join(", ", warned.Diagnostics), warned.Output);
    }

    [TestMethod]
    public void A_folder_that_cannot_be_written_is_one_error_without_a_stack_trace()
    {
        using var fixture = new Fixture();
        fixture.Write("obj/sscma", "a file where the work folder has to be");
        Assert.Contains(fixture.PathOf("obj/sscma"), fixture.Build("-t:SscmaTrain").MustFailWith("SSCMA9002"));
        Assert.IsEmpty(fixture.Calls);
    }

    [TestMethod]
    public void A_bug_of_ours_is_one_error_and_its_stack_trace_is_kept()
    {
        using var fixture = new Fixture();
        fixture.Environment["SSCMA_STANDIN_BUG"] = "export";
        var line = fixture.Build().MustFailWith("SSCMA9004");
        Assert.Contains(fixture.Work("export.crash.log"), line);
        Assert.Contains("at Sscma.Build.StandIn.RecordedVerb.Run", File.ReadAllText(fixture.Work("export.crash.log")));
    }

    [TestMethod]
    public void A_worker_that_crashes_or_is_absent_is_one_error()
    {
        using var fixture = new Fixture();
        fixture.Build("-p:SscmaWorker=/nowhere/worker.dll", "-t:SscmaTrain").MustFailWith("SSCMA9006");

        fixture.Environment["SSCMA_STANDIN_CRASH"] = "train";
        var result = fixture.Build("-t:SscmaTrain");
        Assert.AreEqual("error SSCMA9005", string.Join(", ", result.Diagnostics), result.Output);
    }
}

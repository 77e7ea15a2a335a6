using System.Text.Json;
using Sscma.Build.Tests.Support;
using Sscma.Onnx;
using Sscma.Quantization.Tests;

namespace Sscma.Build.Tests;

/// <summary>An ONNX file that is no detector, with the worker that ships.</summary>
[TestClass]
public sealed class PlainNetworkTests
{
    private const string Generic = "Onnx=\"kinds.onnx\" TargetRuntime=\"generic\" ";

    [TestMethod]
    public void A_classifier_is_exported_once_and_never_scored()
    {
        using var fixture = new Fixture { Worker = Fixture.RealWorker, Properties = "<SscmaUseShippedConfigs>true</SscmaUseShippedConfigs>" };
        Drawing.Split(fixture.PathOf("data/train"), 12, seed: 1);
        Drawing.Split(fixture.PathOf("data/valid"), 2, seed: 2);
        fixture.Write("Program.cs", "System.Console.WriteLine(1);");
        OnnxFile.Write(PlainNetworks.Classifier(channels: 1), fixture.PathOf("kinds.onnx"));

        fixture.Change("Onnx=\"kinds.onnx\" EmbedAs=\"None\"");
        Assert.Contains("set TargetRuntime=\"generic\"", fixture.Build().MustFailWith("SSCMA3006"));

        fixture.Change(Generic + "EmbedAs=\"None\"");
        var log = fixture.Build().MustSucceed().Output;
        Assert.Contains("parts_detector: the file is no RTMDet detector (the input must be a square image", log);
        Assert.Contains("int8 export, calibrating on 12 of 12 training images", log);
        Assert.Contains("parts_detector: not scored: the .tflite file is a plain network", log);
        Assert.AreEqual(fixture.Digest("parts_detector.tflite"), fixture.Digest("embed/parts_detector.tflite"));
        Assert.IsGreaterThan(0, File.ReadAllBytes(fixture.Work("parts_detector.tflite")).AsSpan().IndexOf("\"channels\":\"GREY\""u8));
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(fixture.Work("metrics.json")));
        Assert.AreEqual("model tflite notScored", string.Join(' ', metrics.RootElement.EnumerateObject().Select(entry => entry.Name)), "no number stands in it");
        Assert.AreEqual(fixture.Digest("parts_detector.tflite"), metrics.RootElement.GetProperty("tflite").GetProperty("sha256").GetString());
        Assert.Contains("parts_detector.tflite", File.ReadAllText(fixture.Work("model.provenance.json")));
        fixture.Build("-t:SscmaVerify").MustSucceed();

        string[] made = ["model.onnx", "parts_detector.tflite", "export.json", "metrics.json", "embed/parts_detector.tflite", "model.provenance.json"];
        var times = made.Select(file => File.GetLastWriteTimeUtc(fixture.Work(file))).ToList();
        log = fixture.Build().MustSucceed().Output;
        Assert.DoesNotContain("not scored", log);
        CollectionAssert.AreEqual(times, made.Select(file => File.GetLastWriteTimeUtc(fixture.Work(file))).ToList());

        // A score is asked for, or code that would tell one.
        Assert.Contains("MinMap=0 and MinMap50=0.5 cannot be judged", fixture.Build("-p:SscmaMinMap=0", "-p:SscmaMinMap50=0.5").MustFailWith("SSCMA4016"));
        fixture.Change(Generic);
        Assert.Contains("EmbedAs is CSharp, which generates code for a detector", fixture.Build().MustFailWith("SSCMA5008"));
        fixture.Change(Generic + "EmbedAs=\"None\" MaxModelSize=\"1KB\"");
        Assert.Contains("more than MaxModelSize 1KB", fixture.Build().MustFailWith("SSCMA4007"));
        CollectionAssert.AreEqual(times.Take(4).ToList(), made.Take(4).Select(file => File.GetLastWriteTimeUtc(fixture.Work(file))).ToList(), "a gate runs nothing again");
    }
}

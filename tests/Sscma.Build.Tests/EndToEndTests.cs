using System.Globalization;
using Sscma.Build.Tests.Support;

namespace Sscma.Build.Tests;

/// <summary>The real worker on a small dataset: everything that a user gets, in about a minute.</summary>
[TestClass]
[DoNotParallelize]
public sealed class EndToEndTests
{
    [TestMethod]
    public void A_small_project_trains_exports_scores_gates_embeds_and_then_rests()
    {
        using var fixture = new Fixture
        {
            Worker = Fixture.RealWorker,
            Properties = "<SscmaUseShippedConfigs>true</SscmaUseShippedConfigs>",
        };
        Drawing.Split(fixture.PathOf("data/train"), 48, seed: 1);
        Drawing.Split(fixture.PathOf("data/valid"), 16, seed: 2);
        // No mosaic and a high learning rate: 240 steps are enough for pictures as plain as these, and an untrained network does not pass.
        fixture.Items = Fixture.Item(metadata: """
            ImageSize="96" BatchSize="8" LearningRate="0.002" MinMap50="0.5"
            CfgOptions="augmentation.order=[resize,crop,hsv,flip,pad]; train.stage2_epochs=1; train.val_interval=20; optim.auto_scale_lr=false"
            """).Replace("MaxEpochs=\"3\"", "MaxEpochs=\"40\"", StringComparison.Ordinal);
        fixture.Save();

        var first = fixture.Build().MustSucceed();
        Assert.Contains("Epoch(train)", first.Output, "progress is shown live");
        Assert.Contains("Epoch(train)", File.ReadAllText(fixture.Work("train.log")));
        foreach (var file in new[] { "weights.safetensors", "model.onnx", "config.effective.yaml", "training.json", "parts_detector.tflite", "metrics.json", "evaluation.txt" })
            Assert.IsTrue(File.Exists(fixture.Work(file)), file);
        var lines = fixture.Run().Split('\n');
        Assert.AreEqual("square,disc 96", lines[0]);
        Assert.AreEqual("True", lines[1], "the resource has the digest that the class names");
        Assert.IsGreaterThanOrEqualTo(0.5, double.Parse(lines[2].Split(' ')[1], CultureInfo.InvariantCulture));

        var written = File.GetLastWriteTimeUtc(fixture.Work("model.onnx"));
        var second = fixture.Build().MustSucceed();
        Assert.DoesNotContain("Epoch(train)", second.Output);
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(fixture.Work("model.onnx")));

        fixture.Build("-p:SscmaMinMap=0.999").MustFailWith("SSCMA4002");
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(fixture.Work("model.onnx")), "a threshold retrains nothing");
    }
}

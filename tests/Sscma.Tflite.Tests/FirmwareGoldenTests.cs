using System.Text.Json;
using Sscma.Diagnostics;
using Sscma.Tflite.Detection;

namespace Sscma.Tflite.Tests;

[TestClass]
[TestCategory("GoldensTflite")]
public sealed class FirmwareGoldenTests
{
    private const double Tolerance = 1e-6;

    public static IEnumerable<object[]> Names => GoldenCase.DetectorNames;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Boxes_equal_the_firmwares(string name)
    {
        var golden = GoldenCase.Of(name);
        var model = golden.Model();
        var tensors = golden.Tensors();
        using var recorded = JsonDocument.Parse(File.ReadAllText(golden.BoxesPath));
        foreach (var run in recorded.RootElement.EnumerateArray())
        {
            if (!run.GetProperty("accepted").GetBoolean())
            {
                Assert.ThrowsExactly<DiagnosticException>(() => new FirmwareDecoder(model));
                continue;
            }

            var input = tensors[run.GetProperty("input").GetString()!];
            var codes = input.Type == "U8" && input.Shape.Length == 3
                ? FirmwareInput.From(model.Tensors[model.Inputs[0]], input.Bytes, (int)input.Shape[1], (int)input.Shape[0])
                : input.Bytes;
            var boxes = new FirmwareDecoder(model).Decode(new Interpreter(model).Run([codes]), OptionsOf(run));
            Check(run, boxes);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_whole_way_from_a_picture_to_boxes_equals_the_firmwares(string name)
    {
        var golden = GoldenCase.Of(name);
        var tensors = golden.Tensors();
        using var recorded = JsonDocument.Parse(File.ReadAllText(golden.BoxesPath));
        var runs = recorded.RootElement.EnumerateArray().Where(run => run.GetProperty("accepted").GetBoolean() && run.GetProperty("input").GetString() == "image_rgb").ToList();
        if (runs.Count == 0)
        {
            Assert.Inconclusive("no boxes were recorded for a picture");
            return;
        }

        var detector = new TfliteDetector(golden.Model());
        var image = tensors["image_rgb"];
        foreach (var run in runs)
        {
            // Between the device's answers, the same picture is looked at the usual way: neither disturbs the other.
            Check(run, detector.DetectAsDevice(image.Bytes, (int)image.Shape[1], (int)image.Shape[0], OptionsOf(run)));
            detector.Detect(image.Bytes, (int)image.Shape[1], (int)image.Shape[0]);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_picture_becomes_the_firmwares_input(string name)
    {
        var golden = GoldenCase.Of(name);
        var tensors = golden.Tensors();
        if (!tensors.TryGetValue("image_rgb", out var image))
        {
            Assert.Inconclusive("the case has no picture");
            return;
        }

        var model = golden.Model();
        var input = FirmwareInput.From(model.Tensors[model.Inputs[0]], image.Bytes, (int)image.Shape[1], (int)image.Shape[0]);

        Compare.Exactly(tensors["image_input"].Bytes, input, name);
    }

    private static FirmwareOptions OptionsOf(JsonElement run) => new()
    {
        ScoreThreshold = run.GetProperty("score_threshold").GetSingle(), IouThreshold = run.GetProperty("iou_threshold").GetSingle(),
    };

    private static void Check(JsonElement run, IReadOnlyList<FirmwareBox> boxes)
    {
        var expected = run.GetProperty("boxes").EnumerateArray().ToArray();
        Assert.HasCount(expected.Length, boxes);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i].GetProperty("target").GetInt32(), boxes[i].ClassIndex, $"class of box {i}");
            Assert.AreEqual(expected[i].GetProperty("x").GetDouble(), boxes[i].CenterX, Tolerance, $"x of box {i}");
            Assert.AreEqual(expected[i].GetProperty("y").GetDouble(), boxes[i].CenterY, Tolerance, $"y of box {i}");
            Assert.AreEqual(expected[i].GetProperty("w").GetDouble(), boxes[i].Width, Tolerance, $"width of box {i}");
            Assert.AreEqual(expected[i].GetProperty("h").GetDouble(), boxes[i].Height, Tolerance, $"height of box {i}");
            Assert.AreEqual(expected[i].GetProperty("score").GetDouble(), boxes[i].Score, Tolerance, $"score of box {i}");
        }
    }
}

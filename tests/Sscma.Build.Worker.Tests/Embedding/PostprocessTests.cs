using System.Text.Json;
using Sscma.Coco;
using Sscma.Detection;
using Sscma.Imaging;
using Sscma.Natives;
using Sscma.Tensors;
using Sscma.TestSupport;
using Sscma.Tflite;
using Sscma.Tflite.Detection;

namespace Sscma.Build.Worker.Tests;

/// <summary>The generated C++ against our own decoders and against what the firmware itself answered.</summary>
[TestClass]
public sealed class PostprocessTests
{
    private const int Images = 50;

    // Far below 1e-5 of an image's side: the same operations in the same order give the same floats.
    private const double Pixels = 1e-5;

    private static readonly (float Score, float Iou)[] Thresholds = [(0.25f, 0.45f), (0.02f, 0.65f), (0.4f, 0.05f)];

    public static IEnumerable<object[]> Models =>
    [
        ["graph_rtmdet_mini_64_c3", new[] { "bolt", "nut", "washer" }],
        ["graph_rtmdet_mini_64_c3", new[] { "bolt", "nut" }], // Its third channel has no label.
        ["graph_rtmdet_mini_64_c2_silu", new[] { "bolt", "nut" }],
        ["graph_rtmdet_mini_96_c1_relu6", new[] { "part" }],
    ];

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void Boxes_of_validation_images_equal_the_interpreters(string name, string[] labels)
    {
        NativeLibraries.UseSkiaSharp();
        var (model, facts) = Load(name, labels);
        var detector = new TfliteDetector(model);
        var interpreter = new Interpreter(model);
        var (cases, expected) = (new List<PostprocessCase>(), new List<IReadOnlyList<DetectedObject>>());
        foreach (var path in Directory.GetFiles(Path.Combine(TestPaths.Repository, "sample-project", "dataset", "valid"), "*.jpg").Order(StringComparer.Ordinal).Take(Images))
        {
            var image = ImageFile.Decode(path);
            var input = new byte[facts.ImageSize * facts.ImageSize * 3];
            InputFit.Draw(image.Pixels, image.Width, image.Height, input, facts.ImageSize, facts.ImageSize);
            var outputs = interpreter.Run([FirmwareInput.From(model.Tensors[model.Inputs[0]], input, facts.ImageSize, facts.ImageSize)]);
            foreach (var (score, iou) in Thresholds)
            {
                cases.Add(new(outputs, AsDevice: false, image.Width, image.Height, score, iou));
                expected.Add(detector.Detect(image.Pixels, image.Width, image.Height, new DecodeOptions { ScoreThreshold = score, IouThreshold = iou, MaxDetections = 100000 }));

                // Too little room: what DecodeOptions' limits give.
                cases.Add(new(outputs, AsDevice: false, image.Width, image.Height, score, iou, Candidates: 37, Detections: 9));
                expected.Add(detector.Detect(image.Pixels, image.Width, image.Height, new DecodeOptions { ScoreThreshold = score, IouThreshold = iou, MaxCandidates = 37, MaxDetections = 9 }));
            }
        }

        Assert.HasCount(Images * Thresholds.Length * 2, cases);
        using var program = new PostprocessProgram(model, facts);
        var found = program.Run(cases);
        Assert.HasCount(expected.Count, found);
        for (var k = 0; k < expected.Count; k++)
        {
            Assert.HasCount(expected[k].Count, found[k], $"case {k}");
            for (var i = 0; i < expected[k].Count; i++)
            {
                var (box, score, label) = expected[k][i];
                Same(label, [box.X1, box.Y1, box.X2, box.Y2], score, found[k][i], Pixels, $"case {k} box {i}");
            }
        }

        Assert.IsGreaterThan(20 * Images, expected.Sum(boxes => boxes.Count), "boxes to compare");
        Assert.IsTrue(expected.Any(boxes => boxes.Count == 9), "the room was too little at least once");
    }

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void The_devices_view_equals_the_firmwares(string name, string[] labels)
    {
        var (model, facts) = Load(name, labels);
        var folder = TestPaths.Goldens("SSCMA_GOLDENS_TFLITE", "tflite");
        var tensors = SafeTensors.Read(Path.Combine(folder, "cases", $"{name}.safetensors"));
        using var recorded = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "cases", $"{name}.boxes.json")));
        var runs = recorded.RootElement.EnumerateArray().ToArray();
        var interpreter = new Interpreter(model);
        using var program = new PostprocessProgram(model, facts);

        var found = program.Run(runs.Select(run =>
        {
            var input = tensors[run.GetProperty("input").GetString()!];
            var codes = input.Type == "U8" ? FirmwareInput.From(model.Tensors[model.Inputs[0]], input.Bytes, (int)input.Shape[1], (int)input.Shape[0]) : input.Bytes;
            return new PostprocessCase(interpreter.Run([codes]), AsDevice: true, 0, 0, run.GetProperty("score_threshold").GetSingle(), run.GetProperty("iou_threshold").GetSingle());
        }));

        if (labels.Length < facts.Classes)
        {
            Assert.IsTrue(found.All(boxes => boxes.All(box => box.ClassIndex < labels.Length)));
            Assert.IsGreaterThan(0, found.Sum(boxes => boxes.Count));
            return;
        }

        for (var k = 0; k < runs.Length; k++)
        {
            var expected = runs[k].GetProperty("boxes").EnumerateArray().ToArray();
            Assert.HasCount(expected.Length, found[k], $"run {k}");
            for (var i = 0; i < expected.Length; i++)
            {
                double Of(string property) => expected[i].GetProperty(property).GetDouble();
                Same(expected[i].GetProperty("target").GetInt32(), [Of("x"), Of("y"), Of("w"), Of("h")], Of("score"), found[k][i], 1e-6, $"run {k} box {i}");
            }
        }

        Assert.IsGreaterThan(30, found.Sum(boxes => boxes.Count));
    }

    [TestMethod]
    [DataRow(TensorType.Int8)]
    [DataRow(TensorType.UInt8)]
    [DataRow(TensorType.Int16)]
    public void Random_codes_and_thresholds_at_the_ends_give_what_our_decoders_give(TensorType type)
    {
        var (model, facts) = Load("graph_rtmdet_mini_64_c3", ["a", "b", "c"]);
        model = WithCodes(model, type);
        var layout = DetectorLayout.Of(model);
        var random = new Random(11);
        var cases = new List<PostprocessCase>();
        foreach (var threshold in new[] { 1e-7f, 0.05f, 0.5f, 0.9f, 0.9999999f, 1f })
        {
            var outputs = model.Outputs.Select(output => Codes(random, type, (int)model.Tensors[output].Count)).ToArray();
            cases.Add(new(outputs, AsDevice: false, 0, 0, threshold, 0.3f));
            cases.Add(new(outputs, AsDevice: true, 0, 0, threshold, 0.3f));
        }

        using var program = new PostprocessProgram(model, facts);
        var found = program.Run(cases);
        for (var k = 0; k < cases.Count; k++)
        {
            var asked = cases[k];
            if (asked.AsDevice)
            {
                // Beyond every logit the C# conversion to int is not the device's either.
                var boxes = asked.ScoreThreshold < 1 ? new FirmwareDecoder(model).Decode(asked.Outputs, new FirmwareOptions { ScoreThreshold = asked.ScoreThreshold, IouThreshold = asked.IouThreshold }) : [];
                Assert.HasCount(boxes.Count, found[k], $"case {k}");
                for (var i = 0; i < boxes.Count; i++)
                    Same(boxes[i].ClassIndex, [boxes[i].CenterX, boxes[i].CenterY, boxes[i].Width, boxes[i].Height], boxes[i].Score, found[k][i], 1e-6, $"case {k} box {i}");
                continue;
            }

            var levels = layout.Levels.Select(level => new LevelOutput(level.Stride, level.Side, level.Side, Real(level.Scores), Real(level.Boxes))).ToList();
            var expected = RtmDetDecoder.Decode(levels, new DecodeOptions { ScoreThreshold = asked.ScoreThreshold, IouThreshold = asked.IouThreshold, PointOffset = 0.5f, MaxDetections = 100000 });
            Assert.HasCount(expected.Count, found[k], $"case {k}");
            for (var i = 0; i < expected.Count; i++)
            {
                var (box, score, label) = expected[i];
                Same(label, [box.X1, box.Y1, box.X2, box.Y2], score, found[k][i], Pixels, $"case {k} box {i}");
            }

            float[] Real(int output)
            {
                var reals = new TensorReals(layout.Output(output), asked.Outputs[output]);
                return [.. Enumerable.Range(0, (int)layout.Output(output).Count).Select(i => reals[i])];
            }
        }
    }

    [TestMethod]
    public void Float_outputs_are_decoded_alike()
    {
        var (mini, facts) = Load("graph_rtmdet_mini_64_c3", ["a", "b", "c"]);
        var model = WithCodes(mini, TensorType.Float32);
        var layout = DetectorLayout.Of(model);
        var random = new Random(12);
        var cases = new List<PostprocessCase>();
        foreach (var threshold in new[] { 1e-7f, 0.05f, 0.5f, 0.9f, 0.9999999f, 1f })
        {
            var outputs = model.Outputs.Select(output => Floats(random, (int)model.Tensors[output].Count)).ToArray();
            cases.Add(new(outputs, AsDevice: false, 0, 0, threshold, 0.3f));
        }

        using var program = new PostprocessProgram(model, facts);
        var found = program.Run(cases);
        for (var k = 0; k < cases.Count; k++)
        {
            var levels = layout.Levels.Select(level => new LevelOutput(level.Stride, level.Side, level.Side, Real(level.Scores), Real(level.Boxes))).ToList();
            var expected = RtmDetDecoder.Decode(levels, new DecodeOptions { ScoreThreshold = cases[k].ScoreThreshold, IouThreshold = 0.3f, PointOffset = 0.5f, MaxDetections = 100000 });
            Assert.HasCount(expected.Count, found[k], $"case {k}");
            for (var i = 0; i < expected.Count; i++)
            {
                var (box, score, label) = expected[i];
                Same(label, [box.X1, box.Y1, box.X2, box.Y2], score, found[k][i], 1e-4, $"case {k} box {i}");
            }

            float[] Real(int output)
            {
                var reals = new TensorReals(layout.Output(output), cases[k].Outputs[output]);
                return [.. Enumerable.Range(0, (int)layout.Output(output).Count).Select(i => reals[i])];
            }
        }

        Assert.IsGreaterThan(100, found.Sum(boxes => boxes.Count));
    }

    /// <summary>The model as if its input and outputs were of another type; it is decoded only, not run.</summary>
    private static TfliteModel WithCodes(TfliteModel model, TensorType type) => model with
    {
        Tensors = [.. model.Tensors.Select((tensor, index) => model.Inputs.Contains(index) || model.Outputs.Contains(index)
            ? tensor with { Type = type, Quantization = type == TensorType.Float32 ? null : TfliteQuantization.PerTensor(Scale(tensor, type, model.Inputs.Contains(index)), ZeroPoint(type, model.Inputs.Contains(index))) }
            : tensor)],
    };

    private static float Scale(TfliteTensor tensor, TensorType type, bool input) =>
        input ? 1 / 255f : tensor.Quantization!.Scales[0] / (type == TensorType.Int16 ? 256 : 1);

    private static int ZeroPoint(TensorType type, bool input) => (type, input) switch
    {
        (TensorType.Int16, _) => 0,
        (TensorType.Int8, true) => -128,
        (TensorType.Int8, false) => 17,
        (_, true) => 0,
        _ => 130,
    };

    // Few values, so that many scores are equal.
    private static byte[] Codes(Random random, TensorType type, int count) => type == TensorType.Int16
        ? [.. Enumerable.Range(0, count).SelectMany(_ => BitConverter.GetBytes((short)(random.Next(-8, 8) * 4096)))]
        : [.. Enumerable.Range(0, count).Select(_ => (byte)(random.Next(-8, 8) * 16))];

    private static byte[] Floats(Random random, int count) =>
        [.. Enumerable.Range(0, count).SelectMany(_ => BitConverter.GetBytes((random.NextSingle() * 16) - 8))];

    private static (TfliteModel Model, SscmaMetadata Facts) Load(string name, string[] labels)
    {
        var model = TfliteFile.Read(File.ReadAllBytes(Path.Combine(TestPaths.Goldens("SSCMA_GOLDENS_TFLITE", "tflite"), "cases", $"{name}.tflite")));
        var layout = DetectorLayout.Of(model);
        var facts = new SscmaMetadata { Labels = labels, ImageSize = layout.ImageSize, Classes = layout.Levels[0].Classes };
        return (facts.WriteTo(model), facts);
    }

    private static void Same(int label, double[] numbers, double score, PrintedBox found, double tolerance, string what)
    {
        Assert.AreEqual(label, found.ClassIndex, $"class of {what}");
        for (var n = 0; n < numbers.Length; n++)
            Assert.AreEqual(numbers[n], found.Numbers[n], tolerance, $"number {n} of {what}");
        Assert.AreEqual(score, found.Score, 1e-6, $"score of {what}");
    }
}

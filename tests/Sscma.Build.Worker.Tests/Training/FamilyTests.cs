using System.Globalization;
using System.Text.Json;
using SkiaSharp;
using Sscma.Build.Worker.Verbs;
using Sscma.Diagnostics;
using Sscma.Natives;
using Sscma.TestSupport;
using Sscma.Tflite;
using Sscma.Tflite.Detection;

namespace Sscma.Build.Worker.Tests;

/// <summary>Every configuration that ships goes the whole way, from annotated images to the mAP of its int8 file: one step, at 64 pixels.</summary>
[TestClass]
public sealed class FamilyTests
{
    private const int Size = 64;

    private readonly string _folder = TestPaths.Scratch();
    private readonly DiagnosticList _diagnostics = new();
    private readonly StringWriter _console = new(CultureInfo.InvariantCulture);

    public static IEnumerable<object[]> Shipped => Directory.EnumerateFiles(Path.Combine(TestPaths.Repository, "targets", "configs"), "*.yaml")
        .Select(path => new object[] { Path.GetFileNameWithoutExtension(path) });

    [TestInitialize]
    public void Draw()
    {
        NativeLibraries.UseSkiaSharp();
        for (var number = 0; number < 4; number++)
        {
            using var bitmap = new SKBitmap(Size, Size, SKColorType.Rgba8888, SKAlphaType.Opaque);
            bitmap.Erase(new SKColor(40, 40, 40));
            using var canvas = new SKCanvas(bitmap);
            using var paint = new SKPaint { Color = number % 2 == 0 ? SKColors.Red : SKColors.Blue };
            canvas.DrawRect(8 + (6 * number), 12, 24, 30, paint);
            using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            File.WriteAllBytes(InFolder($"{number}.png"), data.ToArray());
        }

        File.WriteAllText(InFolder("all.json"), JsonSerializer.Serialize(new
        {
            categories = new[] { new { id = 1, name = "red" }, new { id = 2, name = "blue" } },
            images = Enumerable.Range(0, 4).Select(number => new { id = number, file_name = $"{number}.png", width = Size, height = Size }),
            annotations = Enumerable.Range(0, 4).Select(number => new { id = number + 1, image_id = number, category_id = 1 + (number % 2), bbox = new[] { 8 + (6 * number), 12, 24, 30 }, area = 720, iscrowd = 0 }),
        }));
    }

    [TestMethod]
    [DynamicData(nameof(Shipped))]
    public void From_images_to_the_score_of_the_int8_file(string config)
    {
        // The least ratio of some configurations makes objects of two pixels at this size.
        Run(new TrainVerb(), ("config", config), ("configFolder", Path.Combine(TestPaths.Repository, "targets", "configs")), ("imageSize", $"{Size}"), ("maxEpochs", "1"), ("batchSize", "4"), ("threads", "1"), ("cfgOptions", "augmentation.resize.min_ratio=0.4;quantization.epochs=1"));
        Run(new ExportVerb(), ("qdqOnnx", InFolder("model.qdq.onnx")));
        Run(new EvaluateVerb());

        using var training = JsonDocument.Parse(File.ReadAllBytes(InFolder("training.json")));
        Assert.AreEqual(1, training.RootElement.GetProperty("iterations").GetInt32());
        var file = TfliteFile.Read(File.ReadAllBytes(InFolder("model.tflite")));
        Assert.IsEmpty(SscmaMicroContract.Check(file));
        Assert.AreEqual(Size, SscmaMetadata.Read(file)!.ImageSize);
        StringAssert.Contains(_console.ToString(), "box_8/cells");
        using var export = JsonDocument.Parse(File.ReadAllBytes(InFolder("export.json")));
        Assert.IsGreaterThanOrEqualTo(0.999, export.RootElement.GetProperty("onnx")[0].GetProperty("withinOneStep").GetDouble(), "in ONNX Runtime");
        Assert.IsTrue(File.Exists(InFolder("metrics.json")));
        Assert.IsFalse(_diagnostics.Items.Any(item => item.Severity == Severity.Error));
        Directory.Delete(_folder, recursive: true); // l writes half a gigabyte
    }

    private void Run(IVerb verb, params (string Key, string Value)[] more) => verb.Run(
        new WorkerOptions(new[]
        {
            ("model", "parts"), ("workFolder", _folder), ("trainAnnotations", InFolder("all.json")), ("trainImages", _folder), ("valAnnotations", InFolder("all.json")), ("valImages", _folder),
            ("onnx", InFolder("model.onnx")), ("tflite", InFolder("model.tflite")), ("metrics", InFolder("metrics.json")),
        }.Concat(more).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))),
        new WorkerContext(_diagnostics, _console, CancellationToken.None));

    private string InFolder(string name) => Path.Combine(_folder, name);
}

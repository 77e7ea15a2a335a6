using System.Text.Json;
using Sscma.Build.Worker.Verbs;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Imaging;
using Sscma.Natives;
using Sscma.TestSupport;
using Sscma.Tflite;
using SkiaSharp;

namespace Sscma.Build.Worker.Tests;

/// <summary>The verb over a small split of drawn squares and a hand-made detector that finds them.</summary>
[TestClass]
public sealed class EvaluateVerbTests
{
    private const string TwoImages = """
        {
          "categories": [{ "id": 5, "name": "green" }, { "id": 3, "name": "red" }],
          "images": [
            { "id": 10, "file_name": "a.png", "width": 64, "height": 64 },
            { "id": 20, "file_name": "b.png", "width": 64, "height": 32 }
          ],
          "annotations": [ANNOTATIONS]
        }
        """;

    private const string ThreeSquares = """
        { "id": 1, "image_id": 10, "category_id": 3, "bbox": [16, 16, 16, 16], "area": 256, "iscrowd": 0 },
        { "id": 2, "image_id": 10, "category_id": 5, "bbox": [32, 0, 16, 16], "area": 256, "iscrowd": 0 },
        { "id": 3, "image_id": 20, "category_id": 5, "bbox": [0, 16, 16, 16], "area": 256, "iscrowd": 0 }
        """;

    private readonly string _folder = TestPaths.Scratch();
    private readonly StringWriter _console = new();
    private readonly DiagnosticList _diagnostics = new();

    [TestInitialize]
    public void Draw()
    {
        NativeLibraries.UseSkiaSharp();
        DrawSquares("a.png", 64, 64, (SKColors.Red, 16, 16), (new SKColor(0, 255, 0), 32, 0));
        DrawSquares("b.png", 64, 32, (new SKColor(0, 255, 0), 0, 16));
        Annotate(ThreeSquares);
        File.WriteAllBytes(InFolder("model.tflite"), SquareDetectorModel.Bytes("red", "green"));
    }

    [TestMethod]
    public void A_detector_that_finds_everything_scores_one_through_the_whole_chain()
    {
        Run();
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(InFolder("metrics.json")));
        var root = metrics.RootElement;
        Assert.AreEqual("squares", root.GetProperty("model").GetString());
        Assert.AreEqual(Digest.OfFile(InFolder("model.tflite")), root.GetProperty("tflite").GetProperty("sha256").GetString());
        Assert.AreEqual(new FileInfo(InFolder("model.tflite")).Length, root.GetProperty("tflite").GetProperty("bytes").GetInt64());
        var dataset = root.GetProperty("dataset");
        Assert.AreEqual(("valid.json", 2, 3), (dataset.GetProperty("annotations").GetString(), dataset.GetProperty("images").GetInt32(), dataset.GetProperty("objects").GetInt32()));
        Assert.AreEqual(Digest.OfFile(InFolder("valid.json")), dataset.GetProperty("sha256").GetString());
        foreach (var name in new[] { "mAP", "mAP50", "mAP75", "mAPSmall", "AR1", "AR10", "AR100", "ARSmall" })
            Assert.AreEqual(1, root.GetProperty("metrics").GetProperty(name).GetDouble(), 1e-9, name);
        foreach (var name in new[] { "mAPMedium", "mAPLarge", "ARMedium", "ARLarge" })
            Assert.AreEqual(JsonValueKind.Null, root.GetProperty("metrics").GetProperty(name).ValueKind, name);
        Assert.AreEqual("KeepRatio", root.GetProperty("decoding").GetProperty("resize").GetString());
        Assert.AreEqual("green red", string.Join(' ', root.GetProperty("perClass").EnumerateArray().Select(entry => entry.GetProperty("name").GetString())));
        Assert.AreEqual("2 1", string.Join(' ', root.GetProperty("perClass").EnumerateArray().Select(entry => entry.GetProperty("objects").GetInt32())));
        Assert.IsEmpty(_diagnostics.Items);
    }

    [TestMethod]
    public void Images_that_also_gave_the_ranges_are_a_warning_under_whatever_name()
    {
        Report(Digest.OfFile(InFolder("model.tflite")), Digest.OfFile(InFolder("b.png")));
        Run();
        var warning = Assert.ContainsSingle(_diagnostics.Items);
        Assert.AreEqual((Codes.CalibrationScored, Severity.Warning, InFolder("valid.json")), (warning.Code, warning.Severity, warning.File));
        Assert.Contains("1 image(s) that score the file also gave it its ranges (b.png)", warning.Message);

        // A report of another file, or of other images, says nothing.
        Report(new string('0', 64), Digest.OfFile(InFolder("b.png")));
        Run();
        Report(Digest.OfFile(InFolder("model.tflite")), new string('0', 64));
        Run();
        Assert.HasCount(1, _diagnostics.Items);

        void Report(string tflite, string image) => File.WriteAllText(
            InFolder("export.json"),
            $$"""{ "sha256": "{{tflite}}", "calibration": { "images": [ { "name": "renamed.png", "bytes": {{new FileInfo(InFolder("b.png")).Length}}, "sha256": "{{image}}" } ] } }""");
    }

    [TestMethod]
    public void The_twelve_lines_stand_on_the_console_and_in_the_report()
    {
        Run();
        var report = File.ReadAllText(InFolder("evaluation.txt"));
        foreach (var text in new[] { report, _console.ToString() })
        {
            Assert.Contains(" Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 1.000\n", text.ReplaceLineEndings("\n"));
            Assert.Contains(" Average Precision  (AP) @[ IoU=0.50:0.95 | area= large | maxDets=100 ] = -1.000\n", text.ReplaceLineEndings("\n"));
            Assert.AreEqual(24, text.Split('\n').Count(line => line.StartsWith(" Average", StringComparison.Ordinal)));
            Assert.AreEqual("red 1 1.000 1.000 1.000 1.000 - - 1.000", Words(text, " red"));
            Assert.Contains("as the device: stretched to the input, score from 0.25, suppression at IoU 0.45: 4 detections\n", text.ReplaceLineEndings("\n"));
            Assert.Contains("\nmAP    1.0000, as the device 0.7772\nmAP50  1.0000, as the device 1.0000\n", text.ReplaceLineEndings("\n"));
        }

        Assert.Contains("squares", report);
        Assert.Contains("2 images, 3 objects", report);
        Assert.Contains("squares: evaluated 2 of 2 images", _console.ToString());
    }

    [TestMethod]
    public void Classes_are_told_by_name_and_a_model_that_confuses_them_scores_nothing()
    {
        File.WriteAllBytes(InFolder("model.tflite"), SquareDetectorModel.Bytes("green", "red"));
        Run();
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(InFolder("metrics.json")));
        Assert.IsLessThan(0.2, metrics.RootElement.GetProperty("metrics").GetProperty("mAP").GetDouble());
    }

    [TestMethod]
    public void A_box_in_the_wrong_place_lowers_the_score()
    {
        Annotate(ThreeSquares.Replace("[16, 16, 16, 16]", "[19, 16, 16, 16]", StringComparison.Ordinal));
        Run();
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(InFolder("metrics.json")));
        // The overlap of the red square is 13/19: enough for 0.50, 0.55, 0.60 and 0.65, too little for the other six thresholds.
        Assert.AreEqual((1 + 0.4) / 2, metrics.RootElement.GetProperty("metrics").GetProperty("mAP").GetDouble(), 1e-9);
        Assert.AreEqual(1, metrics.RootElement.GetProperty("metrics").GetProperty("mAP50").GetDouble(), 1e-9);
    }

    [TestMethod]
    public void Several_parts_are_measured_as_one_split_and_the_test_split_stands_beside_it()
    {
        File.WriteAllText(InFolder("test.json"), File.ReadAllText(InFolder("valid.json")).Replace("[16, 16, 16, 16]", "[19, 16, 16, 16]", StringComparison.Ordinal));
        Directory.CreateDirectory(InFolder("labels"));
        File.WriteAllText(InFolder("data.yaml"), "train: .\nval: .\nnames: [red, green, blue]\n");
        File.WriteAllText(InFolder("a.txt"), "0 0.375 0.375 0.25 0.25\n1 0.625 0.125 0.25 0.25\n2 0.5 0.5 0.1 0.1\n");
        File.WriteAllText(InFolder("b.txt"), "1 0.125 0.75 0.25 0.5\n");
        Run(default, new()
        {
            ["val.count"] = "2",
            ["val.0.format"] = "coco", ["val.0.name"] = "one", ["val.0.annotations"] = InFolder("valid.json"), ["val.0.images"] = _folder,
            ["val.1.format"] = "yolo", ["val.1.name"] = "two", ["val.1.annotations"] = InFolder("data.yaml"), ["val.1.root"] = _folder, ["val.1.split"] = "val",
            ["testAnnotations"] = InFolder("test.json"), ["testImages"] = _folder,
        });
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(InFolder("metrics.json")));
        var root = metrics.RootElement;
        Assert.AreEqual((4, 6), (root.GetProperty("dataset").GetProperty("images").GetInt32(), root.GetProperty("dataset").GetProperty("objects").GetInt32()), "the class 'blue' is not the model's");
        Assert.AreEqual(1, root.GetProperty("metrics").GetProperty("mAP").GetDouble(), 1e-9);
        var test = root.GetProperty("test");
        Assert.AreEqual(4, test.GetProperty("device").GetProperty("detections").GetInt32());
        Assert.AreEqual((1 + 0.4) / 2, test.GetProperty("metrics").GetProperty("mAP").GetDouble(), 1e-9);
        Assert.AreEqual("test.json", test.GetProperty("dataset").GetProperty("annotations").GetString());
        Assert.AreEqual(2, test.GetProperty("perClass").GetArrayLength());
        var report = File.ReadAllText(InFolder("evaluation.txt"));
        Assert.Contains("test        test.json: 2 images, 3 objects", report);
        Assert.AreEqual(48, report.Split('\n').Count(line => line.StartsWith(" Average", StringComparison.Ordinal)));
        Assert.IsEmpty(_diagnostics.Items);
    }

    [TestMethod]
    public void The_device_stretches_and_its_own_score_is_told_beside_the_usual_one()
    {
        Run();
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(InFolder("metrics.json")));
        var device = metrics.RootElement.GetProperty("device");
        Assert.AreEqual(("sscma-micro", 0.25, 0.45), (device.GetProperty("firmware").GetString(), device.GetProperty("scoreThreshold").GetDouble(), device.GetProperty("iouThreshold").GetDouble()));

        // The picture of 64x32 becomes twice as high, so its green square covers two cells: two boxes of half the square, IoU 0.5 each.
        // Green is complete at 0.50 (the first box of equal scores counts), and has half of its objects, 51 of 101 recall points, at the other nine thresholds.
        Assert.AreEqual(4, device.GetProperty("detections").GetInt32());
        var green = (1 + (9 * 51 / 101.0)) / 10;
        Assert.AreEqual((1 + green) / 2, device.GetProperty("metrics").GetProperty("mAP").GetDouble(), 1e-9);
        Assert.AreEqual(1, device.GetProperty("metrics").GetProperty("mAP50").GetDouble(), 1e-9);
        Assert.AreEqual((1 + (51 / 101.0)) / 2, device.GetProperty("metrics").GetProperty("mAP75").GetDouble(), 1e-9);
        Assert.AreEqual(JsonValueKind.Null, device.GetProperty("metrics").GetProperty("mAPLarge").ValueKind);
        Assert.AreEqual(green, device.GetProperty("perClass")[0].GetProperty("AP").GetDouble(), 1e-9);
        Assert.AreEqual(1, device.GetProperty("perClass")[1].GetProperty("AP").GetDouble(), 1e-9);
        Assert.AreEqual(1, metrics.RootElement.GetProperty("metrics").GetProperty("mAP").GetDouble(), 1e-9, "the usual view keeps the proportions");
    }

    [TestMethod]
    public void A_model_that_stretches_is_scored_so_in_both_views()
    {
        var model = SquareDetectorModel.Model("red", "green");
        File.WriteAllBytes(InFolder("model.tflite"), TfliteFile.Write((SscmaMetadata.Read(model)! with { Input = new InputFacts { Resize = ResizeMode.Stretch } }).WriteTo(model)));
        Run();
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(InFolder("metrics.json")));
        Assert.AreEqual("Stretch", metrics.RootElement.GetProperty("decoding").GetProperty("resize").GetString());

        // As above: of the picture that becomes twice as high, the square gives two halves. Both views see the same pixels and report the same boxes.
        var green = (1 + (9 * 51 / 101.0)) / 10;
        foreach (var view in new[] { metrics.RootElement, metrics.RootElement.GetProperty("device") })
            Assert.AreEqual((1 + green) / 2, view.GetProperty("metrics").GetProperty("mAP").GetDouble(), 1e-9);
        Assert.Contains("pictures stretched to the input, score above", File.ReadAllText(InFolder("evaluation.txt")));
    }

    [TestMethod]
    public void What_the_device_does_not_report_is_no_part_of_its_score()
    {
        // Logits of 20 (R - G) - 10: 0.27 for this red, 0.10 for the other one; the device's threshold is 0.25.
        DrawSquares("a.png", 64, 64, (new SKColor(115, 0, 0), 16, 16), (new SKColor(0, 100, 0), 32, 0));
        Run();
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(InFolder("metrics.json")));
        Assert.AreEqual(1, metrics.RootElement.GetProperty("metrics").GetProperty("mAP50").GetDouble(), 1e-9);
        Assert.AreEqual((1 + (51 / 101.0)) / 2, metrics.RootElement.GetProperty("device").GetProperty("metrics").GetProperty("mAP50").GetDouble(), 1e-9);
    }

    [TestMethod]
    public void Another_runtime_has_no_device_view_and_the_report_says_so()
    {
        Run(default, new() { ["targetRuntime"] = "generic" });
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(InFolder("metrics.json")));
        Assert.IsFalse(metrics.RootElement.TryGetProperty("device", out _));
        foreach (var text in new[] { File.ReadAllText(InFolder("evaluation.txt")), _console.ToString() })
            Assert.Contains("as the device: not measured, the model's TargetRuntime is generic", text);
    }

    [TestMethod]
    public void A_plain_network_gets_no_number_even_where_one_was()
    {
        Run();
        var detector = TfliteFile.Read(File.ReadAllBytes(InFolder("model.tflite")));
        var plain = new NetworkMetadata { Input = new InputFacts(), Precision = "int8" }.WriteTo(detector);
        File.WriteAllBytes(InFolder("model.tflite"), TfliteFile.Write(plain));
        Run();
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(InFolder("metrics.json")));
        Assert.AreEqual("model tflite notScored", string.Join(' ', metrics.RootElement.EnumerateObject().Select(entry => entry.Name)));
        Assert.AreEqual(Digest.OfFile(InFolder("model.tflite")), metrics.RootElement.GetProperty("tflite").GetProperty("sha256").GetString());
        Assert.Contains("squares: not scored: the .tflite file is a plain network", _console.ToString());
        Assert.DoesNotContain("mAP", File.ReadAllText(InFolder("evaluation.txt")));
    }

    [TestMethod]
    public void Two_runs_write_the_same_bytes()
    {
        Run();
        var first = File.ReadAllBytes(InFolder("metrics.json"));
        Run();
        CollectionAssert.AreEqual(first, File.ReadAllBytes(InFolder("metrics.json")));
    }

    [TestMethod]
    public void Labels_that_differ_are_an_error_that_names_both_lists()
    {
        File.WriteAllBytes(InFolder("model.tflite"), SquareDetectorModel.Bytes("red", "blue"));
        Assert.Contains("('red', 'blue'), but the validation split has the categories ('green', 'red')", Fails(Codes.LabelsDiffer).Message);
    }

    [TestMethod]
    public void No_objects_are_an_error_and_never_a_pass()
    {
        Annotate("");
        Fails(Codes.NoGroundTruth);
        Annotate("""{ "id": 1, "image_id": 10, "category_id": 3, "bbox": [16, 16, 16, 16], "area": 256, "iscrowd": 1 }""");
        Fails(Codes.NoGroundTruth);
    }

    [TestMethod]
    public void No_images_are_an_error_and_never_a_pass()
    {
        File.WriteAllText(InFolder("valid.json"), """{ "images": [], "annotations": [], "categories": [{ "id": 1, "name": "red" }] }""");
        Fails(Codes.NoValidationImages);
    }

    [TestMethod]
    public void An_undefined_map_is_an_error_and_never_a_pass()
    {
        Annotate(ThreeSquares.Replace("\"area\": 256", "\"area\": -1", StringComparison.Ordinal));
        Fails(Codes.MapUndefined);
    }

    [TestMethod]
    public void A_missing_model_a_broken_model_and_a_missing_image_are_told_once_each()
    {
        File.WriteAllBytes(InFolder("model.tflite"), [1, 2, 3, 4]);
        Assert.AreEqual(InFolder("model.tflite"), Fails(Codes.TfliteFileInvalid).File);
        File.Delete(InFolder("model.tflite"));
        Fails(Codes.ModelFileMissing);
        File.WriteAllBytes(InFolder("model.tflite"), SquareDetectorModel.Bytes("red", "green"));
        File.Delete(InFolder("b.png"));
        Fails(Codes.ImageMissing);
    }

    [TestMethod]
    public void A_cancelled_run_leaves_what_was_there()
    {
        File.WriteAllText(InFolder("metrics.json"), "of an earlier run");
        Assert.Throws<OperationCanceledException>(() => Run(new CancellationToken(canceled: true)));
        Assert.AreEqual("of an earlier run", File.ReadAllText(InFolder("metrics.json")));
    }

    private void Run(CancellationToken cancellation = default, Dictionary<string, string>? more = null) => new EvaluateVerb().Run(
        new WorkerOptions(new Dictionary<string, string>(more ?? [])
        {
            ["model"] = "squares", ["tflite"] = InFolder("model.tflite"), ["valAnnotations"] = InFolder("valid.json"), ["valImages"] = _folder,
            ["metrics"] = InFolder("metrics.json"), ["report"] = InFolder("evaluation.txt"), ["dataRoot"] = _folder, ["export"] = InFolder("export.json"),
        }),
        new WorkerContext(_diagnostics, _console, cancellation));

    /// <summary>Runs into an error: the numbers of an earlier run must be gone.</summary>
    private Diagnostic Fails(string code)
    {
        File.WriteAllText(InFolder("metrics.json"), "of an earlier run");
        File.WriteAllText(InFolder("evaluation.txt"), "of an earlier run");
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => Run());
        Assert.AreEqual(code, problem.Diagnostic.Code);
        Assert.IsEmpty(_diagnostics.Items);
        Assert.IsFalse(File.Exists(InFolder("metrics.json")));
        Assert.IsFalse(File.Exists(InFolder("evaluation.txt")));
        return problem.Diagnostic;
    }

    private void Annotate(string annotations) =>
        File.WriteAllText(InFolder("valid.json"), TwoImages.Replace("ANNOTATIONS", annotations, StringComparison.Ordinal));

    private void DrawSquares(string name, int width, int height, params (SKColor Color, int X, int Y)[] squares)
    {
        using var bitmap = new SKBitmap(width, height);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.Black);
        foreach (var (color, x, y) in squares)
        {
            using var paint = new SKPaint { Color = color, IsAntialias = false };
            canvas.DrawRect(x, y, 16, 16, paint);
        }

        canvas.Flush();
        using var file = File.Create(InFolder(name));
        bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
    }

    private string InFolder(string name) => Path.Combine(_folder, name);

    /// <summary>The words of the first line that begins so: the usual view comes before the device's.</summary>
    private static string Words(string text, string start) =>
        string.Join(' ', text.Split('\n').First(line => line.StartsWith(start, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Trim();
}

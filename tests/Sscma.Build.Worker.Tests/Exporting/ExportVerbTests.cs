using System.Globalization;
using System.Text.Json;
using Sscma.Build.Worker.Exporting;
using Sscma.Build.Worker.Verbs;
using Sscma.Coco;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Imaging;
using Sscma.Natives;
using Sscma.Onnx;
using Sscma.Quantization;
using Sscma.Quantization.Tests;
using Sscma.TestSupport;
using Sscma.Tflite;
using Sscma.Tflite.Detection;
using SkiaSharp;

namespace Sscma.Build.Worker.Tests;

/// <summary>The verb over a dozen drawn pictures and the smallest detector.</summary>
[TestClass]
public sealed class ExportVerbTests
{
    private const int Pictures = 12;

    private readonly string _folder = TestPaths.Scratch();
    private readonly StringWriter _console = new(CultureInfo.InvariantCulture);
    private readonly DiagnosticList _diagnostics = new();

    [TestInitialize]
    public void Draw()
    {
        NativeLibraries.UseSkiaSharp();
        var entries = Enumerable.Range(0, Pictures).Select(number =>
        {
            using var bitmap = new SKBitmap(80, 60, SKColorType.Rgba8888, SKAlphaType.Opaque);
            bitmap.Erase(new SKColor((byte)(20 * number), (byte)(255 - (20 * number)), (byte)(number % 3 * 100)));
            using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            File.WriteAllBytes(InFolder($"{number}.png"), data.ToArray());
            return new { id = number, file_name = $"{number}.png", width = 80, height = 60 };
        }).ToArray();
        File.WriteAllText(InFolder("train.json"), JsonSerializer.Serialize(new
        {
            categories = new[] { new { id = 1, name = "Mutter" }, new { id = 2, name = "Bolzen" } },
            images = entries,
            annotations = new[] { new { id = 1, image_id = 0, category_id = 1, bbox = new[] { 1, 1, 20, 20 }, area = 400, iscrowd = 0 } },
        }));
        OnnxFile.Write(SmallDetector.Make(2, labels: false), InFolder("model.onnx"));
    }

    [TestMethod]
    public void The_file_keeps_the_contract_and_the_report_belongs_to_it()
    {
        Run();
        var file = TfliteFile.Read(File.ReadAllBytes(InFolder("model.tflite")));
        Assert.IsEmpty(SscmaMicroContract.Check(file));
        CollectionAssert.AreEqual(new[] { "Mutter", "Bolzen" }, SscmaMetadata.Read(file)!.Labels.ToArray());
        using var report = JsonDocument.Parse(File.ReadAllBytes(InFolder("export.json")));
        Assert.AreEqual(Digest.OfFile(InFolder("model.tflite")), report.RootElement.GetProperty("sha256").GetString());
        Assert.AreEqual(10, report.RootElement.GetProperty("calibrationImages").GetInt32());
        StringAssert.Contains(_console.ToString(), "parts: int8 export, calibrating on 10 of 12 training images");
        Assert.IsEmpty(_diagnostics.Items);
    }

    [TestMethod]
    public void Every_setting_reaches_the_file_and_the_metadata_say_what_it_is_made_of()
    {
        File.WriteAllText(InFolder("config.effective.yaml"), "model: {}\n");
        Run(("calibration", "percentile"), ("equalize", "true"), ("biasCorrection", "false"), ("effectiveConfig", InFolder("config.effective.yaml")));
        var origin = SscmaMetadata.Read(TfliteFile.Read(File.ReadAllBytes(InFolder("model.tflite"))))!.Origin!;
        Assert.AreEqual(
            (Digest.OfFile(InFolder("model.onnx")), Digest.OfFile(InFolder("config.effective.yaml")), Digest.OfFile(InFolder("train.json")), "percentile, equalized", 10),
            (origin.Model, origin.Config, origin.Dataset, origin.Calibration, origin.CalibrationImages));
        using var report = JsonDocument.Parse(File.ReadAllBytes(InFolder("export.json")));
        var calibration = report.RootElement.GetProperty("calibration");
        Assert.IsFalse(calibration.GetProperty("biasCorrected").GetBoolean());
        var lines = calibration.GetProperty("images").EnumerateArray().Select(image => (Sha256: image.GetProperty("sha256").GetString(), Name: image.GetProperty("name").GetString()!)).ToList();
        Assert.AreEqual(Digest.OfFile(InFolder(lines[3].Name)), lines[3].Sha256);
        Assert.AreEqual(Digest.OfBytes(System.Text.Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{line.Sha256}  {line.Name}\n")))), origin.CalibrationList);

        Run(("precision", "float16"));
        var metadata = SscmaMetadata.Read(TfliteFile.Read(File.ReadAllBytes(InFolder("model.tflite"))))!;
        Assert.AreEqual(("float16", null, 0), (metadata.Precision, metadata.Origin!.Calibration, metadata.Origin.CalibrationImages));
        StringAssert.Contains(_console.ToString(), "parts: float16 export, compared on 4 of 12 training images");
        Assert.AreEqual(Codes.UnknownExportChoice, Assert.ThrowsExactly<DiagnosticException>(() => Run(("precision", "float8"))).Diagnostic.Code);
    }

    [TestMethod]
    public void What_the_item_or_the_ONNX_file_says_of_resizing_reaches_the_images_and_every_file()
    {
        Run(("resize", "Stretch"), ("floatOnnx", InFolder("parts.float.onnx")));
        var stretched = File.ReadAllBytes(InFolder("model.tflite"));
        Assert.AreEqual(ResizeMode.Stretch, SscmaMetadata.Read(TfliteFile.Read(stretched))!.Input.Resize);
        Assert.AreEqual("Stretch", OnnxFile.Read(InFolder("parts.float.onnx")).Metadata[OnnxMetadata.Resize]);

        var model = OnnxFile.Read(InFolder("model.onnx"));
        model.Metadata[OnnxMetadata.Resize] = "Stretch";
        OnnxFile.Write(model, InFolder("model.onnx"));
        Run();
        Assert.AreEqual(ResizeMode.Stretch, SscmaMetadata.Read(TfliteFile.Read(File.ReadAllBytes(InFolder("model.tflite"))))!.Input.Resize);
        Run(("resize", "keepratio"));
        Assert.AreEqual(ResizeMode.KeepRatio, SscmaMetadata.Read(TfliteFile.Read(File.ReadAllBytes(InFolder("model.tflite"))))!.Input.Resize, "the item has the last word");

        model.Metadata[OnnxMetadata.Resize] = "Squeeze";
        OnnxFile.Write(model, InFolder("model.onnx"));
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => Run()).Diagnostic;
        Assert.AreEqual(Codes.OnnxNotADetector, problem.Code);
        Assert.Contains("'sscma.resize' is 'Squeeze'; KeepRatio or Stretch was expected", problem.Message);
        Assert.AreEqual(Codes.UnknownExportChoice, Assert.ThrowsExactly<DiagnosticException>(() => Run(("resize", "Squeeze"))).Diagnostic.Code);
    }

    [TestMethod]
    [DataRow(ResizeMode.KeepRatio)]
    [DataRow(ResizeMode.Stretch)]
    public void Calibration_images_are_the_networks_input(ResizeMode mode)
    {
        var image = new CocoImage(3, "3.png", InFolder("3.png"), 80, 60);
        var input = new byte[32 * 32 * 3];
        InputFit.Draw(ImageFile.Decode(image.Path).Pixels, 80, 60, input, 32, 32, mode);

        var floats = CalibrationSet.Load([image], 1, 0, new ModelInput(3, 32, 32, null), mode, CancellationToken.None)[0];

        for (var i = 0; i < input.Length; i++)
            Assert.AreEqual(input[i] / 255f, floats[(i % 3 * 1024) + (i / 3)]);
    }

    [TestMethod]
    public void ONNX_files_are_written_where_they_are_asked_for_and_reported()
    {
        Run(("floatOnnx", InFolder("parts.float.onnx")), ("qdqOnnx", InFolder("parts.qdq.onnx")));
        using var report = JsonDocument.Parse(File.ReadAllBytes(InFolder("export.json")));
        var (floats, pairs) = (report.RootElement.GetProperty("onnx")[0], report.RootElement.GetProperty("onnx")[1]);
        Assert.AreEqual(("onnx", Digest.OfFile(InFolder("parts.float.onnx"))), (floats.GetProperty("format").GetString(), floats.GetProperty("sha256").GetString()));
        Assert.AreEqual(("onnx-qdq", Digest.OfFile(InFolder("parts.qdq.onnx"))), (pairs.GetProperty("format").GetString(), pairs.GetProperty("sha256").GetString()));
        Assert.AreEqual(1.0, pairs.GetProperty("withinOneStep").GetDouble());
        Assert.AreEqual("[\"Mutter\",\"Bolzen\"]", OnnxFile.Read(InFolder("parts.qdq.onnx")).Metadata[OnnxMetadata.Labels]);
        StringAssert.Contains(_console.ToString(), "parts: onnx-qdq: ");
        Assert.IsEmpty(_diagnostics.Items);
        foreach (var name in new[] { "parts.float.onnx", "parts.qdq.onnx" })
            OnnxChecker.MustPass(InFolder(name));

        File.Delete(InFolder("parts.float.onnx"));
        Run();
        Assert.IsFalse(File.Exists(InFolder("parts.float.onnx")));
    }

    [TestMethod]
    public void A_second_run_gives_the_same_bytes_and_another_seed_other_images()
    {
        Run();
        var (tflite, report) = (Digest.OfFile(InFolder("model.tflite")), Digest.OfFile(InFolder("export.json")));
        Run();
        Assert.AreEqual((tflite, report), (Digest.OfFile(InFolder("model.tflite")), Digest.OfFile(InFolder("export.json"))));
        CollectionAssert.AreNotEqual(Drawn(1), Drawn(2));
    }

    [TestMethod]
    public void The_draw_does_not_depend_on_the_order_of_the_file()
    {
        var images = Images();
        var backwards = CalibrationSet.Draw([.. images.Reverse()], 5, 1).Select(image => image.FileName).ToArray();
        CollectionAssert.AreEqual(Drawn(1), backwards);
    }

    [TestMethod]
    public void A_plain_network_gets_its_own_size_and_colours_and_only_another_runtime_takes_it()
    {
        OnnxFile.Write(PlainNetworks.Classifier(channels: 1), InFolder("model.onnx"));
        Assert.AreEqual(Codes.OnnxNotADetector, Assert.ThrowsExactly<DiagnosticException>(() => Run()).Diagnostic.Code);
        Run(("targetRuntime", "generic"));
        var file = TfliteFile.Read(File.ReadAllBytes(InFolder("model.tflite")));
        CollectionAssert.AreEqual(new[] { 1, 24, 40, 1 }, file.Tensors[file.Inputs[0]].Shape);
        Assert.Contains($"\"dataset\":\"{Digest.OfFile(InFolder("train.json"))}\"", System.Text.Encoding.UTF8.GetString(file.Metadata[NetworkMetadata.EntryName]));

        var images = new[] { new CocoImage(0, "0.png", InFolder("0.png"), 80, 60) };
        var green = CalibrationSet.Load(images, 1, 0, new ModelInput(1, 24, 40, null), ResizeMode.KeepRatio, default)[0];
        Assert.HasCount(24 * 40, green);
        // 80x60 becomes 32x24, the rest is filled; green 255 is 149.685 of grey.
        Assert.AreEqual((150 / 255f, 150 / 255f, 114 / 255f), (green[0], green[31], green[39]));
        var colours = CalibrationSet.Load(images, 1, 0, new ModelInput(3, 24, 40, null), ResizeMode.KeepRatio, default)[0];
        Assert.AreEqual((0f, 1f, 0f, 114 / 255f), (colours[0], colours[960], colours[1920], colours[1920 + 39]));
        CollectionAssert.AreEqual(new byte[] { 76, 29, 255, 0, 100 }, CalibrationSet.Grey([255, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 1, 100, 100, 100]));
    }

    [TestMethod]
    public void What_the_file_expects_of_pixels_is_told_in_numbers()
    {
        Run(("inputMean", "123.675;116.28;103.53"), ("inputStd", "58.395;57.12;57.375"), ("inputChannels", "BGR"));
        Assert.Contains("what the ONNX file expects: BGR, (pixel - [123.675, 116.28, 103.53]) / [58.395, 57.12, 57.375]", _console.ToString());
        Assert.IsEmpty(SscmaMicroContract.Check(TfliteFile.Read(File.ReadAllBytes(InFolder("model.tflite")))));
        Assert.AreEqual(Codes.InputFormUnfit, Assert.ThrowsExactly<DiagnosticException>(() => Run(("inputStd", "1;2"))).Diagnostic.Code);
        Assert.AreEqual(Codes.WorkerCommandLine, Assert.ThrowsExactly<DiagnosticException>(() => Run(("inputMean", "1;x"))).Diagnostic.Code);
    }

    [TestMethod]
    public void A_broken_model_is_one_coded_error_and_leaves_no_file()
    {
        File.WriteAllText(InFolder("model.onnx"), "no model");
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => Run());
        Assert.AreEqual(Codes.OnnxUnreadable, problem.Diagnostic.Code);
        Assert.AreEqual(InFolder("model.onnx"), problem.Diagnostic.File);
        Assert.IsFalse(File.Exists(InFolder("model.tflite")));
        Assert.IsFalse(File.Exists(InFolder("export.json")));
    }

    [TestMethod]
    public void A_cancelled_export_leaves_no_file()
    {
        Assert.ThrowsExactly<OperationCanceledException>(() => Run(new CancellationToken(canceled: true)));
        Assert.IsFalse(File.Exists(InFolder("model.tflite")));
    }

    private void Run(params (string Option, string Value)[] more) => Run(CancellationToken.None, more);

    private void Run(CancellationToken cancellation, params (string Option, string Value)[] more) => new ExportVerb().Run(
        new WorkerOptions(new Dictionary<string, string>(more.Select(pair => KeyValuePair.Create(pair.Option, pair.Value)))
        {
            ["model"] = "parts",
            ["onnx"] = InFolder("model.onnx"),
            ["tflite"] = InFolder("model.tflite"),
            ["trainAnnotations"] = InFolder("train.json"),
            ["trainImages"] = _folder,
            ["calibrationImages"] = "10",
            ["seed"] = "1",
            ["workFolder"] = _folder,
        }),
        new WorkerContext(_diagnostics, _console, cancellation));

    private static CocoImage[] Images() => [.. Enumerable.Range(0, Pictures).Select(number => new CocoImage(number, $"{number}.png", "", 80, 60))];

    private static string[] Drawn(int seed) => [.. CalibrationSet.Draw(Images(), 5, seed).Select(image => image.FileName)];

    private string InFolder(string name) => Path.Combine(_folder, name);
}

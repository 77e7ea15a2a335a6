using System.Globalization;
using System.Text.Json;
using Sscma.Build.Worker.Exporting;
using Sscma.Build.Worker.Verbs;
using Sscma.Coco;
using Sscma.Diagnostics;
using Sscma.Files;
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
    public void A_network_of_another_kind_gets_grey_images_of_its_own_shape()
    {
        OnnxFile.Write(SmallNetworks.Classifier(channels: 1), InFolder("model.onnx"));
        Assert.AreEqual(Codes.OnnxNotADetector, Assert.ThrowsExactly<DiagnosticException>(() => Run()).Diagnostic.Code);
        (string, string)[] options = [("targetRuntime", "generic"), ("inputMean", "127.5"), ("inputStd", "127.5")];
        Run(options);
        var file = TfliteFile.Read(File.ReadAllBytes(InFolder("model.tflite")));
        CollectionAssert.AreEqual(new[] { 1, SmallNetworks.Height, SmallNetworks.Width, 1 }, file.Tensors[file.Inputs[0]].Shape);
        Assert.AreEqual("Mutter Bolzen GREY", $"{string.Join(' ', NetworkMetadata.Read(file)!.Labels)} {NetworkMetadata.Read(file)!.Input.Channels}");
        using var report = JsonDocument.Parse(File.ReadAllBytes(InFolder("export.json")));
        Assert.AreEqual("[1,24,40,1] False", $"[{string.Join(',', report.RootElement.GetProperty("input").EnumerateArray())}] {report.RootElement.GetProperty("isDetector").GetBoolean()}");
        Assert.AreEqual(Codes.InputFormUnfit, Assert.ThrowsExactly<DiagnosticException>(() => Run([.. options[..2], ("inputStd", "1;2;3")])).Diagnostic.Code);
        Assert.AreEqual(Codes.UnknownExportChoice, Assert.ThrowsExactly<DiagnosticException>(() => Run(("targetRuntime", "other"))).Diagnostic.Code);

        // 80x60 pixels fit as 32x24; the eight columns on the right stay grey.
        var images = CalibrationSet.Load([new CocoImage(1, "4.png", InFolder("4.png"), 80, 60)], 1, 0, new NetworkInput(1, 24, 40, false), CancellationToken.None);
        var (pixels, grey) = (images[0], ((299 * 80) + (587 * 175) + (114 * 100)) / 1000);
        Assert.HasCount(24 * 40, pixels);
        for (var i = 0; i < pixels.Length; i++)
            Assert.AreEqual((i % 40 < 32 ? grey : 114) / 255f, pixels[i]);
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

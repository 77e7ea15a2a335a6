using System.Text.Json;
using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Reports;
using Sscma.Tflite;
using Sscma.Tflite.Detection;

namespace Sscma.Quantization.Tests;

[TestClass]
public sealed class TfliteExporterTests
{
    [TestMethod]
    public void The_file_keeps_the_firmware_contract()
    {
        var diagnostics = new DiagnosticList();
        var result = TfliteExporter.Export(SmallDetector.Make(2), SmallDetector.Pictures(), new ExportOptions(), diagnostics);

        Assert.IsEmpty(diagnostics.Items);
        var file = TfliteFile.Read(result.Tflite);
        Assert.IsEmpty(SscmaMicroContract.Check(file));
        var input = file.Tensors[file.Inputs[0]];
        CollectionAssert.AreEqual(new[] { 1, 64, 64, 3 }, input.Shape);
        Assert.AreEqual(1f / 255, input.Quantization!.Scales[0]);
        Assert.AreEqual(-128, input.Quantization.ZeroPoints[0]);
        var outputs = file.Outputs.Select(index => file.Tensors[index]).ToList();
        CollectionAssert.AreEqual(
            new[] { "1,64,2", "1,16,2", "1,4,2", "1,64,4", "1,16,4", "1,4,4" }, outputs.Select(output => string.Join(',', output.Shape)).ToArray());
        Assert.HasCount(6, outputs.Select(output => output.Quantization!.Scales[0]).Distinct().ToList(), "each output has its own scale");
        Assert.IsTrue(file.Tensors.All(tensor => tensor.Type is TensorType.Int8 or TensorType.Int32));
        var metadata = SscmaMetadata.Read(file)!;
        CollectionAssert.AreEqual(SmallDetector.Labels(2), metadata.Labels.ToArray());
        Assert.AreEqual(64, metadata.ImageSize);
        Assert.AreEqual(0.5f, metadata.PointOffset);
        Assert.AreEqual(2, metadata.Classes);
    }

    [TestMethod]
    [DataRow("0", 0.5f)]
    [DataRow(null, 0.5f)]
    [DataRow("0.5", 0f)]
    public void Distances_move_to_the_centre_of_the_cell(string? pointOffset, float shift)
    {
        var pictures = SmallDetector.Pictures();
        var model = SmallDetector.Make(2, pointOffset);
        var file = TfliteFile.Read(TfliteExporter.Export(model, pictures, new ExportOptions(), new DiagnosticList()).Tflite);
        var interpreter = new Interpreter(file);
        using var session = new OnnxSession(model);
        float[] direction = [shift, shift, -shift, -shift];
        for (var level = 3; level < 6; level++)
        {
            var tensor = file.Tensors[file.Outputs[level]];
            var (scale, zero) = (tensor.Quantization!.Scales[0], tensor.Quantization.ZeroPoints[0]);
            var sums = new double[4];
            foreach (var picture in pictures)
            {
                var real = session.Run(picture, 1, 3, 64, 64)[level].Floats();
                var codes = interpreter.Run([Comparison.Pixels(picture, new Value("", 1, 64, 64, 3))])[level];
                for (var i = 0; i < codes.Length; i++)
                {
                    var difference = (((sbyte)codes[i] - zero) * scale) - real[((i % 4) * codes.Length / 4) + (i / 4)];
                    Assert.AreEqual(direction[i % 4], difference, 6 * scale);
                    sums[i % 4] += difference / (codes.Length / 4.0 * pictures.Length);
                }
            }

            for (var side = 0; side < 4; side++)
                Assert.AreEqual(direction[side], sums[side], 1.5 * scale);
        }
    }

    [TestMethod]
    public void No_calibration_box_saturates()
    {
        var pictures = SmallDetector.Pictures();
        var model = SmallDetector.Make(2, boxBias: [9, 0, -3, 0]);
        var file = TfliteFile.Read(TfliteExporter.Export(model, pictures, new ExportOptions(), new DiagnosticList()).Tflite);
        using var session = new OnnxSession(model);
        foreach (var picture in pictures)
        {
            var boxes = session.Run(picture, 1, 3, 64, 64)[3].Floats();
            var codes = file.Tensors[file.Outputs[3]].Quantization!;
            var (low, high) = (codes.Scales[0] * (-128 - codes.ZeroPoints[0]), codes.Scales[0] * (127 - codes.ZeroPoints[0]));
            for (var i = 0; i < boxes.Length; i++)
            {
                var centred = boxes[i] + (i < boxes.Length / 2 ? 0.5f : -0.5f);
                Assert.IsInRange(low - (0.51f * codes.Scales[0]), high + (0.51f * codes.Scales[0]), centred);
            }
        }
    }

    [TestMethod]
    public void Four_classes_get_a_fifth_that_never_wins()
    {
        var diagnostics = new DiagnosticList();
        var result = TfliteExporter.Export(SmallDetector.Make(4), SmallDetector.Pictures(), new ExportOptions(), diagnostics);

        var file = TfliteFile.Read(result.Tflite);
        Assert.IsEmpty(SscmaMicroContract.Check(file));
        var metadata = SscmaMetadata.Read(file)!;
        Assert.HasCount(4, metadata.Labels);
        Assert.AreEqual(5, metadata.Classes);
        StringAssert.Contains(string.Join('\n', result.Report.Summary()), "fifth class");
        Assert.IsEmpty(diagnostics.Items, "nothing is wrong, so nothing is warned of");
        var interpreter = new Interpreter(file);
        foreach (var picture in SmallDetector.Pictures())
        {
            var outputs = interpreter.Run([Comparison.Pixels(picture, new Value("", 1, 64, 64, 3))]);
            for (var level = 0; level < 3; level++)
            {
                for (var i = 4; i < outputs[level].Length; i += 5)
                    Assert.AreEqual(-128, (sbyte)outputs[level][i]);
                Assert.IsTrue(outputs[level].Distinct().Count() > 5, "the true classes live");
            }
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(80)]
    public void Any_other_number_of_classes_stays(int classes)
    {
        var result = TfliteExporter.Export(SmallDetector.Make(classes), SmallDetector.Pictures(), new ExportOptions(), new DiagnosticList());
        Assert.AreEqual(classes, SscmaMetadata.Read(TfliteFile.Read(result.Tflite))!.Classes);
    }

    [TestMethod]
    public void The_same_inputs_give_the_same_bytes()
    {
        var first = TfliteExporter.Export(SmallDetector.Make(3), SmallDetector.Pictures(), new ExportOptions(), new DiagnosticList());
        var second = TfliteExporter.Export(SmallDetector.Make(3), SmallDetector.Pictures(), new ExportOptions(), new DiagnosticList());
        CollectionAssert.AreEqual(first.Tflite, second.Tflite);
        Assert.AreEqual(first.Report.ToJson(), second.Report.ToJson());
    }

    [TestMethod]
    public void The_report_tells_size_operators_memory_and_likeness()
    {
        var result = TfliteExporter.Export(SmallDetector.Make(2), SmallDetector.Pictures(), new ExportOptions(), new DiagnosticList());
        using var json = JsonDocument.Parse(result.Report.ToJson());
        var root = json.RootElement;
        Assert.AreEqual(result.Tflite.Length, root.GetProperty("bytes").GetInt32());
        Assert.AreEqual(11, root.GetProperty("operators").GetProperty("Conv2D").GetInt32());
        Assert.AreEqual(6, root.GetProperty("operators").GetProperty("Reshape").GetInt32());
        // 5 strided convolutions and 6 of 1x1: output cells x output channels x taps.
        var macs = (1024 * 4 * 27) + (256 * 4 * 36) + (64 * 8 * 36) + (16 * 8 * 72) + (4 * 8 * 72) + ((64 + 16 + 4) * 6 * 8);
        Assert.AreEqual(macs, root.GetProperty("macs").GetInt64());
        Assert.AreEqual(MemoryPlan.Of(TfliteFile.Read(result.Tflite)).PlannedBytes, root.GetProperty("arena").GetProperty("plannedBytes").GetInt32());
        foreach (var output in root.GetProperty("outputs").EnumerateArray())
            Assert.IsGreaterThan(25.0, output.GetProperty("sqnrDb").GetDouble());
    }

    [TestMethod]
    public void Labels_come_from_the_dataset_when_the_file_has_none()
    {
        var model = SmallDetector.Make(2, labels: false);
        var result = TfliteExporter.Export(model, SmallDetector.Pictures(), new ExportOptions { Labels = ["Katze", "Hund"] }, new DiagnosticList());
        CollectionAssert.AreEqual(new[] { "Katze", "Hund" }, SscmaMetadata.Read(TfliteFile.Read(result.Tflite))!.Labels.ToArray());
    }

    [TestMethod]
    public void Labels_that_do_not_fit_are_an_error()
    {
        var model = SmallDetector.Make(2, labels: false);
        Assert.AreEqual(Codes.LabelsDoNotFit, Refused(model, SmallDetector.Pictures(), new ExportOptions { Labels = ["one"] }).Code);
        Assert.AreEqual(Codes.LabelsDoNotFit, Refused(model, SmallDetector.Pictures(), new ExportOptions()).Code);
        model.Metadata[OnnxMetadata.Labels] = "[\"one\", ";
        Assert.AreEqual(Codes.LabelsDoNotFit, Refused(model, SmallDetector.Pictures(), new ExportOptions()).Code);
    }

    [TestMethod]
    public void A_graph_with_other_outputs_is_no_detector()
    {
        var model = SmallDetector.Make(2);
        model.Outputs.RemoveAt(5);
        var problem = Refused(model, SmallDetector.Pictures(), new ExportOptions());
        Assert.AreEqual(Codes.OnnxNotADetector, problem.Code);
        StringAssert.Contains(problem.Message, "it has 5 outputs");
        StringAssert.Contains(problem.Message, "'cls_8' [1, 2, 8, 8]");
    }

    [TestMethod]
    public void A_point_offset_that_is_no_number_is_an_error() =>
        Assert.AreEqual(Codes.OnnxNotADetector, Refused(SmallDetector.Make(2, "half"), SmallDetector.Pictures(), new ExportOptions()).Code);

    [TestMethod]
    public void No_image_is_an_error_and_few_are_a_warning()
    {
        Assert.AreEqual(Codes.CalibrationEmpty, Refused(SmallDetector.Make(2), [], new ExportOptions()).Code);
        var diagnostics = new DiagnosticList();
        TfliteExporter.Export(SmallDetector.Make(2), SmallDetector.Pictures(2), new ExportOptions(), diagnostics);
        Assert.HasCount(1, diagnostics.Items);
        Assert.AreEqual(Codes.CalibrationSmall, diagnostics.Items[0].Code);
        Assert.AreEqual(Severity.Warning, diagnostics.Items[0].Severity);
    }

    private static Diagnostic Refused(OnnxModel model, float[][] pictures, ExportOptions options) =>
        Assert.ThrowsExactly<DiagnosticException>(() => TfliteExporter.Export(model, pictures, options, new DiagnosticList())).Diagnostic;
}

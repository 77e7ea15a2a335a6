using Sscma.Detection;
using Sscma.Diagnostics;
using Sscma.Imaging;
using Sscma.TestSupport;
using Sscma.Tflite.Detection;

namespace Sscma.Tflite.Tests;

[TestClass]
public sealed class DetectorTests
{
    private static TfliteModel Mini => TfliteFile.Read(File.ReadAllBytes(TestPaths.Data("tflite", "cases", "graph_rtmdet_mini_64_c3.tflite")));

    [TestMethod]
    public void A_sound_detector_keeps_the_contract() => Assert.IsEmpty(SscmaMicroContract.Check(Mini));

    [TestMethod]
    public void Four_classes_are_told_from_boxes()
    {
        var model = Changed(Mini, (index, tensor) => tensor.Shape is [1, 64, 3] ? tensor with { Shape = [1, 64, 4] } : tensor);

        var violations = SscmaMicroContract.Check(model);

        Assert.HasCount(1, violations);
        StringAssert.Contains(violations[0], "exactly 4 classes");
    }

    [TestMethod]
    public void Another_input_quantization_breaks_the_contract()
    {
        var model = Changed(Mini, (index, tensor) => index == Mini.Inputs[0] ? tensor with { Quantization = TfliteQuantization.PerTensor(1f / 255, 0) } : tensor);

        var violations = SscmaMicroContract.Check(model);

        Assert.HasCount(1, violations);
        StringAssert.Contains(violations[0], "expected scale 1/255 and zero point -128");
    }

    [TestMethod]
    public void A_float_tensor_breaks_the_contract()
    {
        var mini = Mini;
        var model = Changed(mini, (index, tensor) => index == mini.Operators[0].Outputs[0] ? tensor with { Type = TensorType.Float32 } : tensor);

        var violations = SscmaMicroContract.Check(model);

        Assert.HasCount(1, violations);
        StringAssert.Contains(violations[0], "float32");
    }

    [TestMethod]
    public void An_operator_of_another_world_breaks_the_contract()
    {
        var mini = Mini;
        var model = mini with { Operators = [.. mini.Operators, new TfliteOperator(BuiltinOperator.Custom, [], []) { CustomName = "Flex" }] };

        StringAssert.Contains(SscmaMicroContract.Check(model).Single(), "Flex");
    }

    [TestMethod]
    public void A_model_that_is_no_detector_is_one_error_with_all_reasons()
    {
        var model = new RandomModels(1).Conv();

        var problem = Assert.ThrowsExactly<DiagnosticException>(() => new TfliteDetector(model));

        Assert.AreEqual(Codes.FirmwareContractBroken, problem.Diagnostic.Code);
        StringAssert.Contains(problem.Message, "it has 1 outputs, expected 6");
    }

    [TestMethod]
    public void Raw_outputs_are_dequantized_and_ordered_by_stride()
    {
        var model = Mini;
        var detector = new TfliteDetector(model);
        var pixels = Picture(64, 64);

        var levels = detector.Run(pixels);

        CollectionAssert.AreEqual(new[] { 8, 16, 32 }, levels.Select(level => level.Stride).ToArray());
        var raw = new Interpreter(model).Run([[.. pixels.Select(pixel => (byte)(pixel - 128))]]);
        var scores = model.Tensors[model.Outputs[0]];
        Assert.AreEqual(8 * 8 * 3, levels[0].ClassLogits.Length);
        for (var i = 0; i < levels[0].ClassLogits.Length; i++)
        {
            var expected = scores.Quantization!.Scales[0] * ((sbyte)raw[0][i] - scores.Quantization.ZeroPoints[0]);
            Assert.AreEqual(expected, levels[0].ClassLogits.Span[i], 1e-6f);
        }
    }

    [TestMethod]
    public void Boxes_are_in_pixels_of_the_given_image()
    {
        var detector = new TfliteDetector(Mini);
        var square = Picture(64, 64);

        // The same picture, each pixel doubled, has the same objects at twice the place: a 2x2 mean undoes the doubling exactly.
        var twice = new byte[128 * 128 * 3];
        for (var i = 0; i < twice.Length; i++)
            twice[i] = square[((((i / 3 / 128) / 2 * 64) + (i / 3 % 128 / 2)) * 3) + (i % 3)];

        var small = detector.Detect(square, 64, 64, new DecodeOptions { ScoreThreshold = 0.2f });
        var large = detector.Detect(twice, 128, 128, new DecodeOptions { ScoreThreshold = 0.2f });

        Assert.IsNotEmpty(small);
        Assert.HasCount(small.Count, large);
        for (var i = 0; i < small.Count; i++)
        {
            Assert.AreEqual(small[i].ClassIndex, large[i].ClassIndex);
            Assert.AreEqual(small[i].Score, large[i].Score);
            Assert.AreEqual(2 * small[i].Box.X1, large[i].Box.X1, 1e-3f);
            Assert.AreEqual(2 * small[i].Box.Y2, large[i].Box.Y2, 1e-3f);
        }
    }

    [TestMethod]
    public void A_model_that_stretches_sees_the_devices_pixels_and_its_boxes_come_back_with_a_scale_of_each_axis()
    {
        var facts = new SscmaMetadata { Labels = ["one", "two", "three"], ImageSize = 64, Classes = 3, Input = new InputFacts { Resize = ResizeMode.Stretch } };
        var model = facts.WriteTo(Mini);
        var detector = new TfliteDetector(model);
        var picture = Picture(200, 96);
        var square = new byte[64 * 64 * 3];
        var fit = InputFit.Draw(picture, 200, 96, square, 64, 64, detector.Resize);
        var options = new DecodeOptions { ScoreThreshold = 0.05f };

        Assert.AreEqual((ResizeMode.Stretch, ResizeMode.KeepRatio), (detector.Resize, new TfliteDetector(Mini).Resize));
        CollectionAssert.AreEqual(FirmwareInput.From(model.Tensors[model.Inputs[0]], picture, 200, 96), square.Select(pixel => (byte)(pixel - 128)).ToArray());
        var (found, expected) = (detector.Detect(picture, 200, 96, options), detector.Detect(square, 64, 64, options));
        Assert.IsNotEmpty(found);
        Assert.HasCount(expected.Count, found);
        foreach (var (box, plain) in found.Zip(expected))
        {
            Assert.AreEqual((plain.ClassIndex, plain.Score), (box.ClassIndex, box.Score));
            Assert.AreEqual(plain.Box.X1 / fit.ScaleX, box.Box.X1, 1e-3f);
            Assert.AreEqual(plain.Box.Y2 / fit.ScaleY, box.Box.Y2, 1e-3f);
        }
    }

    [TestMethod]
    public void A_class_without_a_label_never_appears()
    {
        var detector = new TfliteDetector(new SscmaMetadata { Labels = ["one", "two"], ImageSize = 64, Classes = 3 }.WriteTo(Mini));

        CollectionAssert.AreEqual(new[] { "one", "two" }, detector.Labels.ToArray());
        Assert.IsTrue(detector.Run(Picture(64, 64)).All(level => level.Classes == 2));
    }

    [TestMethod]
    public void Metadata_that_contradicts_the_tensors_is_an_error()
    {
        var model = new SscmaMetadata { Labels = ["one"], ImageSize = 96, Classes = 3 }.WriteTo(Mini);

        Assert.AreEqual(Codes.FirmwareContractBroken, Assert.ThrowsExactly<DiagnosticException>(() => new TfliteDetector(model)).Diagnostic.Code);
    }

    [TestMethod]
    public void Of_equal_codes_the_device_takes_the_highest_class_and_of_equal_scores_the_later_cell()
    {
        var model = Mini;
        var outputs = model.Outputs.Select(output => Enumerable.Repeat((byte)0x80, (int)model.Tensors[output].Count).ToArray()).ToArray();
        var boxes = model.Tensors[model.Outputs[3]].Quantization!;
        Array.Fill(outputs[3], (byte)boxes.ZeroPoints[0]); // Boxes of no size overlap nothing.
        foreach (var at in new[] { 0, 1, 2, 3, 4 })
            outputs[0][at] = 0x7F;

        var found = new FirmwareDecoder(model).Decode(outputs);

        Assert.HasCount(2, found);
        Assert.AreEqual((1, 1.5f / 8), (found[0].ClassIndex, found[0].CenterX));
        Assert.AreEqual((2, 0.5f / 8), (found[1].ClassIndex, found[1].CenterX));
    }

    [TestMethod]
    public void Two_equal_inputs_run_once_and_another_one_runs_again()
    {
        var detector = new TfliteDetector(Mini);
        var (first, second) = (Picture(64, 64), Picture(64, 64).Reverse().ToArray());
        var options = new FirmwareOptions { ScoreThreshold = 0.02f };

        var before = detector.DetectAsDevice(first, 64, 64, options).ToArray();
        detector.Run(first);
        var between = detector.DetectAsDevice(second, 64, 64, options).ToArray();

        CollectionAssert.AreEqual(before, detector.DetectAsDevice(first, 64, 64, options).ToArray());
        CollectionAssert.AreEqual(new TfliteDetector(Mini).DetectAsDevice(second, 64, 64, options).ToArray(), between);
        CollectionAssert.AreNotEqual(before, between);
    }

    [TestMethod]
    public void Ends_of_the_threshold_are_the_devices()
    {
        var model = Mini;
        var outputs = model.Outputs.Select(output => Enumerable.Repeat((byte)0x7F, (int)model.Tensors[output].Count).ToArray()).ToArray();
        for (var k = 0; k < 3; k++)
            outputs[k].AsSpan().Fill(0x80);
        var decoder = new FirmwareDecoder(model);

        // ln 0 lies below every code, so every cell is reported; 1 is taken for 0.99999988, whose logit is 15.94.
        Assert.HasCount(64 + 16 + 4, decoder.Decode(outputs, new FirmwareOptions { ScoreThreshold = 0, IouThreshold = 1 }));
        Assert.IsEmpty(decoder.Decode(outputs, new FirmwareOptions { ScoreThreshold = 1 }));
    }

    [TestMethod]
    public void A_file_that_the_firmware_does_not_run_has_no_device_view()
    {
        var mini = Mini;
        var wide = Changed(mini, (index, tensor) => mini.Inputs.Contains(index) || mini.Outputs.Contains(index)
            ? tensor with { Type = TensorType.Int16, Quantization = TfliteQuantization.PerTensor(index == mini.Inputs[0] ? 1f / 255 : tensor.Quantization!.Scales[0], 0) }
            : tensor);

        Assert.IsTrue(new TfliteDetector(mini).RunsOnDevice);
        Assert.IsEmpty(DetectorFormat.Check(wide));
        Assert.IsFalse(DetectorFormat.RunsOnDevice(DetectorLayout.Of(wide)));
    }

    private static byte[] Picture(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(5).NextBytes(pixels);
        return pixels;
    }

    private static TfliteModel Changed(TfliteModel model, Func<int, TfliteTensor, TfliteTensor> change) =>
        model with { Tensors = [.. model.Tensors.Select((tensor, index) => change(index, tensor))] };
}

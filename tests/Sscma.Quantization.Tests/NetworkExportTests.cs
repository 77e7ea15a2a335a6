using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Reports;
using Sscma.TestSupport;
using Sscma.Tflite;
using Sscma.Tflite.Detection;

namespace Sscma.Quantization.Tests;

/// <summary>Networks that are no RTMDet detectors through the whole export: what the written file computes, beside ONNX Runtime.</summary>
[TestClass]
public sealed class NetworkExportTests
{
    private static readonly ExportOptions Generic = new() { Runtime = TargetRuntime.Generic, Labels = ["a", "b"] };

    [TestMethod]
    [DataRow(Precision.Int8, 28)]
    [DataRow(Precision.Int16x8, 32)]
    [DataRow(Precision.Float32, 100)]
    public void A_classifier_of_oblong_images(Precision precision, int decibels)
    {
        var model = SmallNetworks.Classifier();
        var pictures = Graphs.Pictures(12, 3, SmallNetworks.Height, SmallNetworks.Width);
        var result = TfliteExporter.Export(model, pictures, Generic with { Precision = precision }, new DiagnosticList());
        var file = TfliteFile.Read(result.Tflite);
        CollectionAssert.AreEqual(new[] { 1, SmallNetworks.Height, SmallNetworks.Width, 3 }, file.Tensors[file.Inputs[0]].Shape);
        CollectionAssert.AreEqual(new[] { 1, 5 }, file.Tensors[file.Outputs[0]].Shape);
        Assert.IsGreaterThanOrEqualTo(decibels, SignalToNoise(model, file, pictures));

        var metadata = NetworkMetadata.Read(file)!;
        Assert.AreEqual("a b, RGB, 0, 255", $"{string.Join(' ', metadata.Labels)}, {metadata.Input.Channels}, {metadata.Input.Mean}, {metadata.Input.Divisor}");
        Assert.AreEqual(precision.Name(), metadata.Precision);
        Assert.IsNull(SscmaMetadata.Read(file), "nothing that a decoder could take for a detector's");
        Assert.IsFalse(result.Report.IsDetector);
        Assert.Contains("not scored", result.Report.Notes[0]);
        Assert.Contains($"input {SmallNetworks.Width}x{SmallNetworks.Height}", result.Report.Summary().First());
        Assert.IsGreaterThanOrEqualTo(decibels - 6.0, result.Report.Outputs[0].SqnrDb!.Value, "the report compares the outputs");
    }

    [TestMethod]
    public void A_one_stage_detector_of_another_family()
    {
        var model = SmallNetworks.Yolo();
        var pictures = Graphs.Pictures(12, 3, 32, 48);
        var options = Generic with { Formats = [ExportFormat.Tflite, ExportFormat.Onnx, ExportFormat.OnnxQdq] };
        var diagnostics = new DiagnosticList();
        var result = TfliteExporter.Export(model, pictures, options, diagnostics);
        var file = TfliteFile.Read(result.Tflite);
        CollectionAssert.AreEqual(new[] { 1, 96 + 24, 6 }, file.Tensors[file.Outputs[0]].Shape);
        Assert.IsGreaterThanOrEqualTo(28, SignalToNoise(model, file, pictures));
        Assert.IsGreaterThanOrEqualTo(28.0, result.Report.Outputs[0].SqnrDb!.Value, "an output that was turned is compared as the value that it is made of");
        Assert.IsTrue(file.Tensors.All(tensor => tensor.Type is TensorType.Int8 or TensorType.Int32));
        Assert.IsEmpty(diagnostics.Items, "the codes of the onnx-qdq file are the same");
        Assert.AreEqual(1, result.Report.Onnx[1].WithinOneStep);
        Assert.IsTrue(OnnxFile.Parse(result.Onnx!).Metadata.ContainsKey(OnnxMetadata.Facts));
        using var original = new OnnxSession(model);
        using var floats = new OnnxSession(OnnxFile.Parse(result.Onnx!));
        var (expected, found) = (original.Run(pictures[0], 1, 3, 32, 48)[0].Floats(), floats.Run(pictures[0], 1, 3, 32, 48)[0].Floats());
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], found[i], 1e-5, $"element {i} of the float file");

        var tried = TfliteExporter.Export(model, pictures, Generic with { Calibration = null }, new DiagnosticList()).Report.Calibration!.Tried;
        Assert.HasCount(8, tried);
        Assert.AreNotEqual(1, tried.Distinct().Count(), "the candidates are told apart by the output");
    }

    [TestMethod]
    public void Boxes_that_are_means_of_distributions()
    {
        var model = SmallNetworks.DistributionHead();
        var pictures = Graphs.Pictures(12, 3, 32, 32);
        var result = TfliteExporter.Export(model, pictures, Generic with { Formats = [ExportFormat.Tflite, ExportFormat.OnnxQdq] }, new DiagnosticList());
        var file = TfliteFile.Read(result.Tflite);
        Assert.AreEqual("[1,4,16] [1,2,16] [1,6,16]", string.Join(' ', file.Outputs.Select(output => $"[{string.Join(',', file.Tensors[output].Shape)}]")));
        Assert.IsGreaterThanOrEqualTo(28, SignalToNoise(model, file, pictures));
        Assert.AreEqual(1, result.Report.Onnx[0].WithinOneStep);
        var floats = TfliteFile.Read(TfliteExporter.Export(model, [], Generic with { Precision = Precision.Float32 }, new DiagnosticList()).Tflite);
        Assert.IsGreaterThanOrEqualTo(100, SignalToNoise(model, floats, pictures));
    }

    [TestMethod]
    public void TensorFlow_Lite_runs_the_files()
    {
        foreach (var model in new[] { SmallNetworks.Classifier(), SmallNetworks.Yolo(), SmallNetworks.DistributionHead(), SmallNetworks.QuantizedClassifier() })
        {
            var input = model.Inputs[0].Shape!;
            var pictures = Graphs.Pictures(12, 3, (int)input[2], (int)input[3]);
            var bytes = TfliteExporter.Export(model, pictures, Generic with { Input = new InputForm { Means = [127.5f], Deviations = [60] } }, new DiagnosticList()).Tflite;
            using var library = new TensorFlowLite(bytes);
            var file = TfliteFile.Read(bytes);
            var pixels = Comparison.Pixels(pictures[0], new Value("", file.Tensors[file.Inputs[0]].Shape));
            var (theirs, ours) = (library.Run([pixels])[0], new Interpreter(file).Run([pixels])[0]);
            Assert.IsLessThan(0.5, theirs.Zip(ours, (a, b) => Math.Abs((sbyte)a - (sbyte)b)).Average());
        }
    }

    [TestMethod]
    [DataRow(3, false)]
    [DataRow(3, true)]
    [DataRow(1, false)]
    public void What_the_file_expects_of_pixels_is_built_in(int channels, bool blueFirst)
    {
        var model = SmallNetworks.Classifier(channels);
        var pictures = Graphs.Pictures(12, channels, SmallNetworks.Height, SmallNetworks.Width);
        var form = new InputForm
        {
            Means = channels == 3 ? [103.53f, 116.28f, 123.675f] : [127.5f],
            Deviations = channels == 3 ? [57.375f, 57.12f, 58.395f] : [127.5f],
            BlueFirst = blueFirst,
        };
        var result = TfliteExporter.Export(model, pictures, Generic with { Input = form }, new DiagnosticList());
        var file = TfliteFile.Read(result.Tflite);
        var input = file.Tensors[file.Inputs[0]];
        Assert.AreEqual((1f / 255, -128L, channels), (input.Quantization!.Scales[0], input.Quantization.ZeroPoints[0], input.Shape[3]), "the file takes pixels");
        Assert.AreEqual(channels == 1 ? "GREY" : "RGB", NetworkMetadata.Read(file)!.Input.Channels);
        Assert.IsGreaterThanOrEqualTo(24, SignalToNoise(model, file, pictures, picture => Expected(picture, channels, form)));
        Assert.Contains($"expects: {form}", result.Report.Notes[1]);

        // Twice the same text: the layer's name is no other value's.
        Assert.HasCount(2, form.BuildInto(form.BuildInto(model)).Nodes.Where(node => node.Name.StartsWith("images/expected", StringComparison.Ordinal)).DistinctBy(node => node.Name));
    }

    [TestMethod]
    public void A_detector_stays_one_for_every_runtime_and_whatever_it_expects_of_pixels()
    {
        var options = Generic with { Input = new InputForm { Means = [127.5f], Deviations = [127.5f], BlueFirst = true } };
        foreach (var runtime in Enum.GetValues<TargetRuntime>())
        {
            var result = TfliteExporter.Export(SmallDetector.Make(2), SmallDetector.Pictures(), options with { Runtime = runtime }, new DiagnosticList());
            Assert.IsTrue(result.Report.IsDetector);
            Assert.IsEmpty(SscmaMicroContract.Check(TfliteFile.Read(result.Tflite)));
            Assert.AreEqual(SmallDetector.Size, new TfliteDetector(result.Tflite).ImageSize);
        }
    }

    [TestMethod]
    public void The_codes_of_a_quantized_classifier_are_taken()
    {
        var model = SmallNetworks.QuantizedClassifier();
        var pictures = Graphs.Pictures(12, 3, 16, 16);
        var file = TfliteFile.Read(TfliteExporter.Export(model, pictures, Generic, new DiagnosticList()).Tflite);
        foreach (var (name, scale, zero) in new[] { ("images", 1f / 255, -128L), ("r", 0.0125f, -128L), ("g", 0.005f, -128L), ("h", 0.01f, -128L), ("logits", 0.03125f, 12L) })
        {
            var found = file.Tensors.Single(tensor => tensor.Name == name).Quantization!;
            Assert.AreEqual((scale, zero), (found.Scales[0], found.ZeroPoints[0]), name);
        }

        // Channels last: [8, 3, 3, 3] as the rows of each channel; a matrix as it is.
        var (stored, written) = (model.Initializers.Single(tensor => tensor.Name == "c.w/codes"), file.Tensors.Single(tensor => tensor.Name == "r/weights"));
        for (var i = 0; i < written.Data!.Length; i++)
            Assert.AreEqual(stored.Bytes.Span[(i / 27 * 27) + (i % 3 * 9) + (i / 3 % 9)], written.Data[i]);
        CollectionAssert.AreEqual(model.Initializers.Single(tensor => tensor.Name == "l.w/codes").Bytes.ToArray(), file.Tensors.Single(tensor => tensor.Name == "h/weights").Data);
        CollectionAssert.AreEqual(model.Initializers.Single(tensor => tensor.Name == "m.w/codes").Bytes.ToArray(), Turned(file.Tensors.Single(tensor => tensor.Name == "logits/weights").Data!, 5));
        CollectionAssert.DoesNotContain(file.Operators.Select(node => node.Code).ToArray(), BuiltinOperator.Quantize);
        Assert.IsGreaterThanOrEqualTo(28, SignalToNoise(model, file, pictures));
    }

    [TestMethod]
    public void An_open_batch_is_one_and_outputs_may_be_many()
    {
        var model = SmallNetworks.Classifier();
        model.Inputs[0] = model.Inputs[0] with { Shape = [-1, 3, SmallNetworks.Height, SmallNetworks.Width] };
        model.Nodes.Add(OnnxNode.Of("Identity", "again", ["probabilities"], "same"));
        foreach (var more in new[] { "r3", "logits", "same" })
            model.Outputs.Add(new OnnxValueInfo(more, OnnxType.Float, null));
        var pictures = Graphs.Pictures(12, 3, SmallNetworks.Height, SmallNetworks.Width);
        var file = TfliteFile.Read(TfliteExporter.Export(model, pictures, Generic with { Calibration = null }, new DiagnosticList()).Tflite);
        Assert.AreEqual("[1,5] [1,6,10,16] [1,5] [1,5]", string.Join(' ', file.Outputs.Select(output => $"[{string.Join(',', file.Tensors[output].Shape)}]")));
        Assert.HasCount(3, file.Outputs.Select(output => file.Tensors[output].Quantization!.Scales[0]).Distinct(), "each has its own scale");
        Assert.IsGreaterThanOrEqualTo(28, SignalToNoise(model, file, pictures));
    }

    [TestMethod]
    public void What_cannot_be_converted_is_one_error_for_all_nodes()
    {
        var model = SmallNetworks.Classifier();
        model.Nodes.Add(OnnxNode.Of("Erf", "odd", ["r1"], "e"));
        model.Nodes.Add(OnnxNode.Of("NonMaxSuppression", "late", ["r2", "r3"], "s"));
        model.Nodes.Add(OnnxNode.Of("Relu", "after", ["e"], "t"));
        foreach (var name in new[] { "t", "s", "images" })
            model.Outputs.Add(new OnnxValueInfo(name, OnnxType.Float, null));
        var message = Fails(Codes.OnnxNodesUnsupported, model, Generic);
        Assert.Contains("3 node(s)", message);
        Assert.Contains("'odd' (Erf): the operator is not known", message);
        Assert.Contains("'late' (NonMaxSuppression): the operator is not known", message);
        Assert.Contains("output 'images': it is the input itself", message);
        Assert.DoesNotContain("after", message);
    }

    [TestMethod]
    public void What_does_not_fit_is_one_coded_error()
    {
        var classifier = SmallNetworks.Classifier();
        Assert.Contains("TargetRuntime=\"generic\" exports any network", Fails(Codes.OnnxNotADetector, classifier, new ExportOptions { Labels = ["a"] }));
        Assert.Contains("has 4 channels", Fails(Codes.OnnxInputUnknown, SmallNetworks.Classifier(4), Generic));
        Assert.Contains("Give InputMean and InputStd one number, or 3", Fails(Codes.InputFormUnfit, classifier, Generic with { Input = new InputForm { Means = [1, 2] } }));
        Assert.Contains("BGR, (pixel - 0) / 255", Fails(Codes.InputFormUnfit, SmallNetworks.Classifier(1), Generic with { Input = new InputForm { BlueFirst = true } }));
        classifier.Outputs.Add(classifier.Outputs[0]);
        Assert.Contains("output 'probabilities': it is listed 2 times", Fails(Codes.OnnxNodesUnsupported, classifier, Generic));
        classifier.Outputs.Clear();
        Assert.Contains("the graph has no output", Fails(Codes.OnnxNodesUnsupported, classifier, Generic));
    }

    /// <summary>Rows of five outputs as the columns of a matrix.</summary>
    private static byte[] Turned(byte[] rows, int count) => [.. Enumerable.Range(0, rows.Length).Select(i => rows[(i % count * (rows.Length / count)) + (i / count)])];

    private static string Fails(string code, OnnxModel model, ExportOptions options)
    {
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => TfliteExporter.Export(model, [], options, new DiagnosticList())).Diagnostic;
        Assert.AreEqual(code, problem.Code, problem.Message);
        return problem.Message;
    }

    /// <summary>What the ONNX file is fed where the exported one is fed this picture.</summary>
    private static float[] Expected(float[] picture, int channels, InputForm form)
    {
        var plane = picture.Length / channels;
        return [.. Enumerable.Range(0, picture.Length).Select(i =>
        {
            var (channel, pixel) = (i / plane, i % plane);
            var value = 255 * picture[((form.BlueFirst ? channels - 1 - channel : channel) * plane) + pixel];
            return (value - form.Means[channel % form.Means.Count]) / form.Deviations[channel % form.Deviations.Count];
        })];
    }

    /// <summary>Power of all outputs over the power of their errors, in decibels; each output by itself, the least of them.</summary>
    private static double SignalToNoise(OnnxModel model, TfliteModel file, float[][] pictures, Func<float[], float[]>? expected = null)
    {
        var (signal, noise) = (new double[file.Outputs.Length], new double[file.Outputs.Length]);
        var interpreter = new Interpreter(file);
        var input = file.Tensors[file.Inputs[0]];
        using var session = new OnnxSession(model);
        foreach (var picture in pictures)
        {
            var reals = session.Run(expected?.Invoke(picture) ?? picture, 1, input.Shape[3], input.Shape[1], input.Shape[2]);
            var raw = interpreter.Run([Comparison.Pixels(picture, new Value("", input.Shape), input.Type)]);
            for (var output = 0; output < raw.Length; output++)
            {
                var (tensor, values) = (file.Tensors[file.Outputs[output]], reals[output].Floats());
                var found = new TensorReals(tensor, raw[output]);
                var channels = tensor.Shape.Length == 4 ? tensor.Shape[3] : 1;
                for (var i = 0; i < values.Length; i++)
                {
                    var real = values[(i % channels * (values.Length / channels)) + (i / channels)];
                    signal[output] += real * (double)real;
                    noise[output] += Math.Pow(real - found[i], 2);
                }
            }
        }

        return signal.Zip(noise, (power, error) => 10 * Math.Log10(power / Math.Max(error, 1e-30))).Min();
    }
}

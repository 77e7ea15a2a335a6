using System.Text.Json;
using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Reports;
using Sscma.TestSupport;
using Sscma.Tflite;
using Sscma.Tflite.Detection;

namespace Sscma.Quantization.Tests;

/// <summary>Networks that are no RTMDet detectors, through the export.</summary>
[TestClass]
public sealed class PlainNetworkTests
{
    private static readonly ExportOptions Any = new() { AnyNetwork = true };

    [TestMethod]
    [DataRow(3, 1, "RGB")]
    [DataRow(1, -1, "GREY", DisplayName = "grey, open batch")]
    public void A_classifier_of_an_oblong_picture_keeps_its_output(int channels, int batch, string order)
    {
        var model = PlainNetworks.Classifier(channels, batch);
        var pictures = Graphs.Pictures(12, channels, 24, 40);
        var diagnostics = new DiagnosticList();
        var result = TfliteExporter.Export(model, pictures, Any with { Labels = ["of", "the", "dataset"] }, diagnostics);

        Assert.IsEmpty(diagnostics.Items);
        var file = TfliteFile.Read(result.Tflite);
        CollectionAssert.AreEqual(new[] { 1, 24, 40, channels }, file.Tensors[file.Inputs[0]].Shape);
        var output = file.Tensors[file.Outputs.Single()];
        CollectionAssert.AreEqual(new[] { 1, 5 }, output.Shape);
        Assert.AreEqual((1f / 256, -128L), (output.Quantization!.Scales[0], output.Quantization.ZeroPoints[0]), "as TensorFlow Lite has it for SOFTMAX");
        Assert.IsGreaterThan(35.0, Decibels.Of(model, file, pictures));
        Assert.AreEqual("DepthwiseConv2D Pad Conv2D", string.Join(' ', file.Operators.Take(3).Select(node => node.Code)), "mean and divisor are one operator");

        using var facts = JsonDocument.Parse(file.Metadata[NetworkMetadata.EntryName]);
        Assert.AreEqual("input precision", string.Join(' ', facts.RootElement.EnumerateObject().Select(fact => fact.Name)), "nothing is said that is not known: no labels, sizes of cells or boxes");
        Assert.AreEqual(order, facts.RootElement.GetProperty("input").GetProperty("channels").GetString());
        Assert.IsNull(SscmaMetadata.Read(file));
        using var report = JsonDocument.Parse(result.Report.ToJson());
        Assert.IsFalse(report.RootElement.TryGetProperty("imageSize", out _));
        Assert.AreEqual($"1,24,40,{channels}", string.Join(',', report.RootElement.GetProperty("input").EnumerateArray()));
        Assert.Contains("input 40x24", string.Join('\n', result.Report.Summary()));
    }

    [TestMethod]
    public void A_detector_of_another_family_keeps_its_one_output_in_every_format()
    {
        var model = PlainNetworks.OneOutput();
        model.Metadata[OnnxMetadata.Labels] = "[\"Mutter\"]";
        var pictures = Graphs.Pictures(12, 3, 32, 48);
        var diagnostics = new DiagnosticList();
        var result = TfliteExporter.Export(model, pictures, Any with { Formats = [ExportFormat.Tflite, ExportFormat.Onnx, ExportFormat.OnnxQdq] }, diagnostics);

        Assert.IsEmpty(diagnostics.Items);
        var file = TfliteFile.Read(result.Tflite);
        CollectionAssert.AreEqual(new[] { 1, 120, 7 }, file.Tensors[file.Outputs.Single()].Shape);
        Assert.IsGreaterThan(35.0, Decibels.Of(model, file, pictures));
        Assert.Contains("\"labels\":[\"Mutter\"]", System.Text.Encoding.UTF8.GetString(file.Metadata[NetworkMetadata.EntryName]));
        CollectionAssert.AreEqual(result.Tflite, TfliteExporter.Export(model, pictures, Any, new DiagnosticList()).Tflite);

        using var floats = new OnnxSession(OnnxFile.Parse(result.Onnx!));
        using var given = new OnnxSession(model);
        var (expected, found) = (given.Run(pictures[0], 1, 3, 32, 48)[0].Floats(), floats.Run(pictures[0], 1, 3, 32, 48)[0].Floats());
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], found[i], 1e-5);
        var pairs = OnnxFile.Parse(result.OnnxQdq!);
        Assert.IsTrue(pairs.Metadata.ContainsKey(NetworkMetadata.EntryName) && !pairs.Metadata.ContainsKey(OnnxMetadata.Facts) && !pairs.Metadata.ContainsKey(OnnxMetadata.Strides));
        Assert.IsGreaterThanOrEqualTo(0.999, result.Report.Onnx[1].WithinOneStep!.Value);

        var wide = TfliteExporter.Export(model, pictures, Any with { Precision = Precision.Int16x8 }, new DiagnosticList());
        Assert.IsGreaterThan(Decibels.Of(model, file, pictures) + 12, Decibels.Of(model, TfliteFile.Read(wide.Tflite), pictures));
    }

    [TestMethod]
    public void A_quantized_classifier_keeps_its_codes()
    {
        var pictures = Graphs.Pictures(12, 3, 24, 40);
        var first = TfliteExporter.Export(PlainNetworks.Classifier(), pictures, Any with { Formats = [ExportFormat.Tflite, ExportFormat.OnnxQdq] }, new DiagnosticList());
        // Ranges of these pictures would be others; nothing is taken from them.
        var dark = pictures.Select(picture => Array.ConvertAll(picture, value => value > 0.5f ? 0.25f : 0)).ToArray();
        var second = TfliteExporter.Export(OnnxFile.Parse(first.OnnxQdq!), dark, Any with { CorrectBias = false }, new DiagnosticList());

        var (before, after) = (TfliteFile.Read(first.Tflite), TfliteFile.Read(second.Tflite));
        Assert.AreEqual(Constants(before), Constants(after));
        Interpreter one = new(before), two = new(after);
        foreach (var picture in pictures)
        {
            var pixels = Comparison.Pixels(picture, new Value("", 1, 24, 40, 3));
            CollectionAssert.AreEqual(one.Run([pixels])[0], two.Run([pixels])[0]);
        }

        static string Constants(TfliteModel model) => string.Join('\n', model.Tensors.Where(tensor => tensor.Data is not null && tensor.Type == TensorType.Int8)
            .Select(tensor => $"{string.Join(' ', tensor.Shape)}: {string.Join(' ', tensor.Quantization!.Scales)}: {Convert.ToHexString(tensor.Data!)}"));
    }

    [TestMethod]
    public void Boxes_that_are_means_of_distributions_are_decoded_in_the_file()
    {
        var model = PlainNetworks.DistributionHead();
        var pictures = Graphs.Pictures(12, 3, 32, 32);
        var result = TfliteExporter.Export(model, pictures, Any with { Formats = [ExportFormat.Tflite, ExportFormat.OnnxQdq] }, new DiagnosticList());
        var file = TfliteFile.Read(result.Tflite);
        Assert.AreEqual("[1,4,16] [1,2,16] [1,6,16]", string.Join(' ', file.Outputs.Select(output => $"[{string.Join(',', file.Tensors[output].Shape)}]")));
        Assert.IsGreaterThan(28.0, Decibels.Of(model, file, pictures));
        Assert.AreEqual(1.0, result.Report.Onnx[0].WithinOneStep);
        var floats = TfliteFile.Read(TfliteExporter.Export(model, [], Any with { Precision = Precision.Float32 }, new DiagnosticList()).Tflite);
        Assert.IsGreaterThan(100.0, Decibels.Of(model, floats, pictures));
    }

    [TestMethod]
    public void Stored_codes_of_convolutions_and_matrices_are_taken()
    {
        var model = PlainNetworks.QuantizedClassifier();
        var pictures = Graphs.Pictures(12, 3, 16, 16);
        var file = TfliteFile.Read(TfliteExporter.Export(model, pictures, Any with { CorrectBias = false }, new DiagnosticList()).Tflite);
        foreach (var (name, scale, zero) in new[] { ("images", 1f / 255, -128L), ("r", 0.0125f, -128L), ("g", 0.005f, -128L), ("h", 0.01f, -128L), ("logits", 0.03125f, 12L) })
        {
            var found = file.Tensors.Single(tensor => tensor.Name == name).Quantization!;
            Assert.AreEqual((scale, zero), (found.Scales[0], found.ZeroPoints[0]), name);
        }

        // Channels last: [8, 3, 3, 3] as the rows of each channel; Gemm's matrix as it is, MatMul's turned.
        var (stored, written) = (Stored("c.w/codes"), Written("r/weights"));
        for (var i = 0; i < written.Length; i++)
            Assert.AreEqual(stored[(i / 27 * 27) + (i % 3 * 9) + (i / 3 % 9)], written[i]);
        CollectionAssert.AreEqual(Stored("l.w/codes"), Written("h/weights"));
        var rows = Written("logits/weights");
        CollectionAssert.AreEqual(Stored("m.w/codes"), Enumerable.Range(0, 30).Select(i => rows[(i % 5 * 6) + (i / 5)]).ToArray());
        CollectionAssert.DoesNotContain(file.Operators.Select(node => node.Code).ToArray(), BuiltinOperator.Quantize);
        Assert.IsGreaterThan(28.0, Decibels.Of(model, file, pictures));

        byte[] Stored(string name) => model.Initializers.Single(tensor => tensor.Name == name).Bytes.ToArray();
        byte[] Written(string name) => file.Tensors.Single(tensor => tensor.Name == name).Data!;
    }

    [TestMethod]
    public void TensorFlow_Lite_runs_the_files()
    {
        foreach (var model in new[] { PlainNetworks.Classifier(), PlainNetworks.OneOutput(), PlainNetworks.DistributionHead(), PlainNetworks.QuantizedClassifier(), PlainNetworks.Shuffled(), PlainNetworks.Anchors() })
        {
            var input = model.Inputs[0].Shape!;
            var pictures = Graphs.Pictures(12, 3, (int)input[2], (int)input[3]);
            var bytes = TfliteExporter.Export(model, pictures, Any, new DiagnosticList()).Tflite;
            using var library = new TensorFlowLite(bytes);
            var file = TfliteFile.Read(bytes);
            var pixels = Comparison.Pixels(pictures[0], new Value("", file.Tensors[file.Inputs[0]].Shape));
            var (theirs, ours) = (library.Run([pixels])[0], new Interpreter(file).Run([pixels])[0]);
            Assert.IsLessThan(0.5, theirs.Zip(ours, (a, b) => Math.Abs((sbyte)a - (sbyte)b)).Average());
        }
    }

    [TestMethod]
    [DataRow(3, false)]
    [DataRow(3, true, DisplayName = "blue first")]
    [DataRow(1, false, DisplayName = "grey")]
    public void What_the_file_expects_of_pixels_is_its_first_layer(int channels, bool blueFirst)
    {
        var form = new InputForm
        {
            Means = channels == 3 ? [103.53f, 116.28f, 123.675f] : [127.5f],
            Deviations = channels == 3 ? [157.375f, 157.12f, 158.395f] : [127.5f],
            BlueFirst = blueFirst,
        };
        var model = PlainNetworks.Classifier(channels);
        var pictures = Graphs.Pictures(12, channels, 24, 40);
        var options = Any with { Input = form, Formats = [ExportFormat.Tflite, ExportFormat.Onnx, ExportFormat.OnnxQdq] };
        var result = TfliteExporter.Export(model, pictures, options, new DiagnosticList());
        var file = TfliteFile.Read(result.Tflite);
        var input = file.Tensors[file.Inputs[0]];
        Assert.AreEqual((1f / 255, -128L, channels), (input.Quantization!.Scales[0], input.Quantization.ZeroPoints[0], input.Shape[3]), "the file takes pixels");
        Assert.Contains($"\"channels\":\"{(channels == 1 ? "GREY" : "RGB")}\"", System.Text.Encoding.UTF8.GetString(file.Metadata[NetworkMetadata.EntryName]));
        Assert.IsGreaterThan(28.0, Decibels.Of(model, file, pictures, given: picture => Expected(picture, form)));
        Assert.AreEqual($"the first layer makes of pixel / 255 what the ONNX file expects: {form}", result.Report.Notes[1]);
        Assert.AreEqual(1.0, result.Report.Onnx[1].WithinOneStep);

        using var given = new OnnxSession(model);
        using var floats = new OnnxSession(OnnxFile.Parse(result.Onnx!));
        var (expected, found) = (given.Run(Expected(pictures[0], form), 1, channels, 24, 40)[0].Floats(), floats.Run(pictures[0], 1, channels, 24, 40)[0].Floats());
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], found[i], 1e-5);

        // Twice the same text: the layer's name is no other value's.
        Assert.HasCount(2, form.BuildInto(form.BuildInto(model)).Nodes.Where(node => node.Name.StartsWith("images/expected", StringComparison.Ordinal)).DistinctBy(node => node.Name));
    }

    [TestMethod]
    public void A_detector_may_expect_other_pixels_too()
    {
        var options = new ExportOptions { Labels = SmallDetector.Labels(2), Input = new InputForm { Means = [127.5f], Deviations = [127.5f], BlueFirst = true } };
        var result = TfliteExporter.Export(SmallDetector.Make(2), SmallDetector.Pictures(), options, new DiagnosticList());
        Assert.IsEmpty(SscmaMicroContract.Check(TfliteFile.Read(result.Tflite)));
        Assert.AreEqual("RGB", SscmaMetadata.Read(TfliteFile.Read(result.Tflite))!.Input.Channels);
        var built = TfliteExporter.Export(options.Input.BuildInto(SmallDetector.Make(2)), SmallDetector.Pictures(), options with { Input = new InputForm() }, new DiagnosticList());
        CollectionAssert.AreEqual(built.Tflite, result.Tflite);
        var plain = TfliteExporter.Export(SmallDetector.Make(2), SmallDetector.Pictures(), options with { Input = new InputForm() }, new DiagnosticList());
        CollectionAssert.AreNotEqual(plain.Tflite, result.Tflite);

        // Ranges that the file has learnt are its values' still; the new layer's is what was seen.
        var learnt = SmallDetector.Make(2);
        LearntRanges.Write(learnt, new Dictionary<string, (float Low, float High)> { ["images"] = (0, 1), ["r2"] = (0, 2) });
        var trained = TfliteExporter.Export(learnt, SmallDetector.Pictures(), options with { PreferLearnt = true }, new DiagnosticList());
        Assert.AreEqual("learnt", trained.Report.Calibration!.Method);
        var tensors = TfliteFile.Read(trained.Tflite).Tensors;
        Assert.AreEqual(2f / 255, tensors.Single(tensor => tensor.Name == "r2").Quantization!.Scales[0], 2e-4f);
        Assert.AreEqual((2f / 255, -1L), (tensors.Single(tensor => tensor.Name == "images/expected").Quantization!.Scales[0], tensors.Single(tensor => tensor.Name == "images/expected").Quantization!.ZeroPoints[0]), "-1 to 1");
    }

    [TestMethod]
    public void A_pair_on_the_input_gives_way_to_pixels_and_the_values_behind_keep_their_codes()
    {
        var model = PlainNetworks.QuantizedClassifier();
        var pictures = Graphs.Pictures(12, 3, 16, 16);
        var form = new InputForm { Means = [12.75f], Deviations = [229.5f] };
        var file = TfliteFile.Read(TfliteExporter.Export(model, pictures, Any with { Input = form, CorrectBias = false }, new DiagnosticList()).Tflite);
        Assert.AreEqual(1f / 255, file.Tensors[file.Inputs[0]].Quantization!.Scales[0]);
        foreach (var (name, scale, zero) in new[] { ("images/expected", 1f / 255, -128L), ("r", 0.0125f, -128L), ("logits", 0.03125f, 12L) })
        {
            var found = file.Tensors.Single(tensor => tensor.Name == name).Quantization!;
            Assert.AreEqual((scale, zero), (found.Scales[0], found.ZeroPoints[0]), name);
        }

        Assert.IsGreaterThan(28.0, Decibels.Of(model, file, pictures, given: picture => Expected(picture, form)));
    }

    [TestMethod]
    public void Numbers_that_do_not_fit_the_channels_are_an_error()
    {
        var classifier = PlainNetworks.Classifier();
        StringAssert.Contains(Unfit(classifier, new InputForm { Means = [1, 2] }), "(pixel - [1, 2]) / 255. Give InputMean and InputStd one number, or 3");
        StringAssert.Contains(Unfit(PlainNetworks.Classifier(channels: 1), new InputForm { BlueFirst = true }), "images of 1 channel(s), and it is said to expect BGR, (pixel - 0) / 255");
        Unfit(classifier, new InputForm { Deviations = [58, 0, 57] });
        Unfit(classifier, new InputForm { Means = [float.NaN] });
        Unfit(classifier, new InputForm { Deviations = [1e-40f] });
    }

    [TestMethod]
    public void An_output_that_is_listed_twice_and_none_at_all_are_errors()
    {
        var model = PlainNetworks.Classifier();
        model.Outputs.Add(model.Outputs[0]);
        StringAssert.Contains(Refused(() => TfliteExporter.InputOf(model, anyNetwork: true), Codes.OnnxNodesUnsupported), "output 'kinds': it is listed 2 times");
        model.Outputs.Clear();
        StringAssert.Contains(Refused(() => TfliteExporter.InputOf(model, anyNetwork: true), Codes.OnnxNodesUnsupported), "the graph has no output");
    }

    [TestMethod]
    public void A_detector_is_a_detector_for_every_runtime()
    {
        var options = Any with { Labels = SmallDetector.Labels(2) };
        var result = TfliteExporter.Export(SmallDetector.Make(2), SmallDetector.Pictures(), options, new DiagnosticList());
        CollectionAssert.AreEqual(TfliteExporter.Export(SmallDetector.Make(2), SmallDetector.Pictures(), options with { AnyNetwork = false }, new DiagnosticList()).Tflite, result.Tflite);
        Assert.AreEqual(new ModelInput(3, 64, 64, null), TfliteExporter.InputOf(SmallDetector.Make(2), anyNetwork: true));
    }

    [TestMethod]
    public void A_detector_without_one_of_its_outputs_is_a_plain_network_that_no_detector_takes()
    {
        var model = SmallDetector.Make(2);
        model.Outputs.RemoveAt(5);
        StringAssert.Contains(Refused(() => TfliteExporter.InputOf(model, anyNetwork: false), Codes.OnnxNotADetector), "TargetRuntime=\"generic\"");
        Assert.AreEqual(new ModelInput(3, 64, 64, "it has 5 outputs"), TfliteExporter.InputOf(model, anyNetwork: true));
        var file = TfliteExporter.Export(model, SmallDetector.Pictures(), Any, new DiagnosticList()).Tflite;
        StringAssert.Contains(Refused(() => new TfliteDetector(file), Codes.FirmwareContractBroken), "plain network");

        // Not even where the tensors would do.
        var whole = TfliteFile.Read(TfliteExporter.Export(SmallDetector.Make(2), SmallDetector.Pictures(), Any, new DiagnosticList()).Tflite);
        var renamed = new NetworkMetadata { Input = new InputFacts(), Precision = "int8" }.WriteTo(whole with { Metadata = new Dictionary<string, byte[]>() });
        StringAssert.Contains(Refused(() => new TfliteDetector(renamed), Codes.FirmwareContractBroken), "plain network");
    }

    [TestMethod]
    public void Every_node_that_cannot_be_converted_is_named_in_one_error()
    {
        var graph = new Graphs(3, 24, 40);
        graph.Conv("c", "images", 3, 4);
        graph.Node("Erf", "odd", ["c"]);
        graph.Node("Resize", "cubic", ["c", "", graph.Constant("twice", [1, 1, 2, 2], 4)], ("mode", "cubic"));
        var message = Refused(() => TfliteExporter.Export(graph.Model("odd", "cubic"), Graphs.Pictures(1, 3, 24, 40), Any, new DiagnosticList()), Codes.OnnxNodesUnsupported);
        StringAssert.StartsWith(message, "2 node(s)");
        StringAssert.Contains(message, "'node_odd' (Erf): the operator is not known");
        StringAssert.Contains(message, "'node_cubic' (Resize): the mode 'cubic' has no equal in TFLite");
    }

    [TestMethod]
    public void An_input_that_is_no_picture_is_an_error()
    {
        var graph = new Graphs(2, 8, 8);
        graph.Node("Relu", "y", ["images"]);
        StringAssert.Contains(Refused(() => TfliteExporter.InputOf(graph.Model("y"), anyNetwork: true), Codes.NoImageInput), "'images' of the ONNX file has 2 channels");
    }

    [TestMethod]
    public void An_output_that_is_the_input_is_an_error()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Node("Identity", "y", ["images"]);
        StringAssert.Contains(Refused(() => TfliteExporter.InputOf(graph.Model("y"), anyNetwork: true), Codes.OnnxNodesUnsupported), "output 'y': it is the input itself");
    }

    /// <summary>What the ONNX file is fed where the exported one is fed this picture.</summary>
    private static float[] Expected(float[] picture, InputForm form)
    {
        var channels = form.Means.Count;
        var plane = picture.Length / channels;
        return
        [
            .. Enumerable.Range(0, picture.Length).Select(i =>
            {
                var (channel, pixel) = (i / plane, i % plane);
                var value = 255 * picture[((form.BlueFirst ? channels - 1 - channel : channel) * plane) + pixel];
                return (value - form.Means[channel]) / form.Deviations[channel];
            }),
        ];
    }

    private static string Unfit(OnnxModel model, InputForm form) => Refused(() => TfliteExporter.Export(model, [], Any with { Input = form }, new DiagnosticList()), Codes.InputFormUnfit);

    private static string Refused(Func<object> action, string code)
    {
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => action()).Diagnostic;
        Assert.AreEqual(code, problem.Code);
        return problem.Message;
    }
}

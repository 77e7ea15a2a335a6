using System.Runtime.InteropServices;
using Sscma.Onnx;
using Sscma.Quantization.Reports;
using Sscma.TestSupport;
using Sscma.Tflite;

namespace Sscma.Quantization.Tests;

/// <summary>
/// Every operator beside ONNX Runtime: equal as float32 file and as the ONNX file that is written again, within the stated number of steps as int8 file,
/// nearer as int16x8 file; and the int8 file's codes within one step of those of its own ONNX file.
/// </summary>
[TestClass]
public sealed class ConverterTests
{
    private static readonly float[][] Pictures = Graphs.Pictures(3, 4, 8, 8);

    [TestMethod]
    [DataRow("LeakyRelu", 1.6)]
    [DataRow("HardSwish", 1.6)]
    [DataRow("Sigmoid", 1.6)]
    [DataRow("HardSigmoid", 1.6)]
    [DataRow("Tanh", 2.6)]
    [DataRow("Relu", 1.1)]
    [DataRow("Neg", 1.1)]
    public void Activations(string op, double steps)
    {
        var graph = Start();
        graph.Node(op, "y", ["c"]);
        Both(graph, steps);
    }

    [TestMethod]
    [DataRow(0f, 6f)]
    [DataRow(-1f, 1f)]
    [DataRow(0.25f, 1.5f)]
    [DataRow(-0.5f, 0.75f)]
    [DataRow(0f, 1f)]
    [DataRow(0f, float.MaxValue)]
    [DataRow(0.5f, float.MaxValue)]
    [DataRow(float.MinValue, 0.5f)]
    [DataRow(float.MinValue, float.MaxValue)]
    public void Clip_with_any_bounds(float low, float high)
    {
        var graph = Start();
        graph.Node("Clip", "y", ["c", graph.Constant("low", [low]), graph.Constant("high", [high])]);
        Both(graph, 2.6);
    }

    [TestMethod]
    public void Silu()
    {
        var graph = Start();
        graph.Node("Sigmoid", "s", ["c"]);
        graph.Node("Mul", "y", ["c", "s"]);
        Both(graph, 2);
    }

    [TestMethod]
    public void Prelu()
    {
        var graph = Start();
        graph.Node("PRelu", "y", ["c", graph.Constant("slopes", [0.1f, 0.9f, -0.25f, 0.5f], 4, 1, 1)]);
        graph.Node("PRelu", "z", ["c", graph.Constant("slope", [0.2f], 1)]);
        var operators = Both(graph, 2.2, "y", "z").Operators.Select(node => node.Code).ToList();
        CollectionAssert.Contains(operators, BuiltinOperator.LeakyRelu);
        CollectionAssert.Contains(operators, BuiltinOperator.Add);
    }

    [TestMethod]
    public void Softmax_over_channels()
    {
        var graph = Start();
        graph.Node("Softmax", "y", ["c"], ("axis", 1L));
        Both(graph, 3);
    }

    [TestMethod]
    [DataRow(2, 1)]
    [DataRow(4, 1)]
    [DataRow(2, 2)]
    public void Grouped_and_depthwise_convolutions(int groups, int stride)
    {
        var graph = Start();
        graph.Conv("y", "c", 4, 8, 3, stride, 1, groups);
        var operators = Both(graph, 2).Operators.Select(node => node.Code).ToList();
        Assert.AreEqual(groups == 4, operators.Contains(BuiltinOperator.DepthwiseConv2D), "one channel to a group is depthwise, with two outputs each");
        Assert.AreEqual(groups == 2, operators.Contains(BuiltinOperator.Slice));
    }

    [TestMethod]
    public void A_batch_norm_by_itself()
    {
        var graph = new Graphs(4, 8, 8);
        graph.Node("BatchNormalization", "y",
        [
            "images", graph.Constant("gamma", [1, 2, 0.5f, -1], 4), graph.Constant("beta", [0, 1, -1, 0.5f], 4),
            graph.Constant("mean", [0.5f, 0, 1, 0.2f], 4), graph.Constant("variance", [1, 0.25f, 2, 4], 4),
        ]);
        Both(graph, 1.1);
    }

    [TestMethod]
    [DataRow("Add")]
    [DataRow("Sub")]
    [DataRow("Mul")]
    public void Pairs_of_values_with_broadcasting(string op)
    {
        var graph = Start();
        graph.Conv("d", "images", 4, 4);
        graph.Node("GlobalAveragePool", "g", ["d"]);
        graph.Node("ReduceMean", "m", ["d"], ("axes", new long[] { 1 }));
        graph.Node(op, "x", ["c", "d"]);
        graph.Node(op, "y", ["x", "g"]);
        graph.Node(op, "z", ["y", "m"]);
        Both(graph, 3.5, "z", "y");
    }

    [TestMethod]
    [DataRow("Add")]
    [DataRow("Sub")]
    [DataRow("Mul")]
    [DataRow("Div")]
    public void Constants_of_every_shape(string op)
    {
        var graph = Start();
        graph.Node(op, "a", ["c", graph.Constant("one", [1.5f])]);
        graph.Node(op, "b", ["a", graph.Constant("each", [0.5f, 2, 3, -1], 4, 1, 1)]);
        graph.Node(op, "d", ["b", graph.Constant("columns", graph.Draw(8, 0.5f, 2), 8)]);
        graph.Node(op, "e", ["d", graph.Constant("places", graph.Draw(64, 0.5f, 2), 1, 1, 8, 8)]);
        graph.Node(op, "y", ["e", graph.Constant("all", graph.Draw(256, 0.5f, 2), 4, 8, 8)]);
        if (op != "Div")
            graph.Node(op, "z", ["one", "c"]);
        Both(graph, 5, op == "Div" ? ["y"] : ["y", "z"]);
    }

    [TestMethod]
    public void Concat_and_split_along_every_axis()
    {
        var graph = Start();
        graph.Model().Nodes.Add(new OnnxNode("Split", "split", ["c", graph.Constant("parts", 1, 3)], ["s0", "s1"], [new OnnxAttribute("axis", 1L)]));
        graph.Model().Nodes.Add(new OnnxNode("Split", "halves", ["c"], ["h0", "h1"], [new OnnxAttribute("axis", 2L)]));
        graph.Node("Concat", "x", ["h1", "h0"], ("axis", -2L));
        graph.Node("Concat", "w", ["c", "x"], ("axis", 3L));
        graph.Node("Concat", "z", ["s1", "s0"], ("axis", 1L));
        Both(graph, 1.1, "w", "z", "s0");
    }

    [TestMethod]
    public void Slices_with_steps_make_one_operator()
    {
        var graph = Start();
        graph.Node("Slice", "y", ["c", graph.Constant("starts", 1, 0), graph.Constant("ends", long.MaxValue, -1), graph.Constant("axes", 2, 3), graph.Constant("steps", 2, 2)]);
        graph.Node("Slice", "z", ["c", graph.Constant("first", 0, 1), graph.Constant("last", 4, 3), graph.Constant("where", 2, 1)]);
        var operators = Both(graph, 1.1, "y", "z").Operators.Select(node => node.Code).ToList();
        Assert.AreEqual(1, operators.Count(code => code == BuiltinOperator.StridedSlice));
        Assert.AreEqual(1, operators.Count(code => code == BuiltinOperator.Slice));
    }

    [TestMethod]
    [DataRow("MaxPool", 3, 2, 1, 0, 0)]
    [DataRow("MaxPool", 2, 2, 0, 0, 0)]
    [DataRow("MaxPool", 3, 2, 0, 1, 0)]
    [DataRow("AveragePool", 2, 2, 0, 0, 0)]
    [DataRow("AveragePool", 3, 1, 1, 0, 0)]
    [DataRow("AveragePool", 3, 2, 1, 0, 0)]
    [DataRow("AveragePool", 3, 2, 1, 0, 1)]
    [DataRow("AveragePool", 3, 1, 1, 0, 1)]
    public void Pools(string op, int kernel, int stride, int pad, int ceiling, int counted)
    {
        var graph = Start();
        List<(string, object)> attributes =
        [
            ("kernel_shape", new long[] { kernel, kernel }), ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }), ("ceil_mode", (long)ceiling),
        ];
        if (op == "AveragePool")
            attributes.Add(("count_include_pad", (long)counted));
        graph.Node(op, "y", ["c"], [.. attributes]);
        Both(graph, 2);
    }

    [TestMethod]
    [DataRow("nearest", "asymmetric", "floor", 2f)]
    [DataRow("nearest", "asymmetric", "floor", 1.5f)]
    [DataRow("nearest", "half_pixel", "round_prefer_floor", 3f)]
    [DataRow("nearest", "asymmetric", "floor", 0.5f)]
    [DataRow("linear", "asymmetric", "floor", 2f)]
    [DataRow("linear", "half_pixel", "floor", 2f)]
    [DataRow("linear", "pytorch_half_pixel", "floor", 1.5f)]
    [DataRow("linear", "align_corners", "floor", 2f)]
    [DataRow("linear", "half_pixel", "floor", 0.5f)]
    public void Resizes(string mode, string place, string round, float factor)
    {
        var graph = Start();
        graph.Node("Resize", "y", ["c", "", graph.Constant("factors", [1, 1, factor, factor], 4)],
            ("mode", mode), ("coordinate_transformation_mode", place), ("nearest_mode", round));
        Both(graph, 2);
    }

    [TestMethod]
    public void A_pad_of_any_number()
    {
        var graph = Start();
        graph.Node("Pad", "y", ["c", graph.Constant("pads", 0, 0, 1, 2, 0, 0, 0, 1), graph.Constant("fill", [-0.75f])]);
        Both(graph, 1.1);
    }

    [TestMethod]
    public void Transposes_and_reshapes_that_move_elements()
    {
        var graph = Start();
        graph.Node("Transpose", "t", ["c"], ("perm", new long[] { 0, 1, 3, 2 }));
        graph.Conv("y", "t", 4, 5, 3);
        graph.Node("Reshape", "r", ["c", graph.Constant("shape", 1, 8, -1)]);
        graph.Node("Transpose", "z", ["r"], ("perm", new long[] { 0, 2, 1 }));
        graph.Node("Flatten", "f", ["c"]);
        Both(graph, 2, "y", "z", "f");
    }

    [TestMethod]
    public void A_classifier_with_flatten_and_gemm_has_no_transpose()
    {
        var graph = Start();
        graph.Node("MaxPool", "p", ["c"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
        // (N, C·H·W) as PyTorch's view(x.size(0), -1) is exported.
        graph.Node("Shape", "s", ["p"]);
        graph.Node("Gather", "n", ["s", graph.Constant("first", OnnxTensor.From("", [0L]))]);
        graph.Node("Unsqueeze", "u", ["n", graph.Constant("axes", 0)]);
        graph.Node("Concat", "wanted", ["u", graph.Constant("rest", -1)], ("axis", 0L));
        graph.Node("Reshape", "f", ["p", "wanted"]);
        graph.Node("Gemm", "g", ["f", graph.Constant("w", graph.Draw(64 * 10, -1, 1), 10, 64), graph.Constant("b", graph.Draw(10, -1, 1), 10)], ("transB", 1L));
        graph.Node("Relu", "h", ["g"]);
        graph.Node("MatMul", "m", ["h", graph.Constant("v", graph.Draw(50, -1, 1), 10, 5)]);
        graph.Node("Add", "a", ["m", graph.Constant("d", graph.Draw(5, -1, 1), 5)]);
        graph.Node("Softmax", "y", ["a"], ("axis", -1L));
        var model = Both(graph, 8, "y");
        var operators = model.Operators.Select(node => node.Code).ToList();
        CollectionAssert.DoesNotContain(operators, BuiltinOperator.Transpose);
        CollectionAssert.AreEqual(
            new[] { BuiltinOperator.Conv2D, BuiltinOperator.MaxPool2D, BuiltinOperator.Conv2D, BuiltinOperator.Conv2D, BuiltinOperator.Softmax, BuiltinOperator.Reshape }, operators);
        CollectionAssert.AreEqual(new[] { 1, 5 }, model.Tensors[model.Outputs[0]].Shape);
    }

    [TestMethod]
    public void Hard_swish_is_taken_apart_for_16_bits()
    {
        var graph = Start();
        graph.Node("HardSwish", "y", ["c"]);
        var conversion = Converter.Convert(graph.Model("y"), Pictures, new ConversionOptions { Precision = Precision.Int16x8 });
        CollectionAssert.AreEqual(
            new[] { BuiltinOperator.Conv2D, BuiltinOperator.DepthwiseConv2D, BuiltinOperator.Mul }, conversion.Model.Operators.Select(node => node.Code).ToArray());
    }

    [TestMethod]
    public void Squeezed_and_unsqueezed_means()
    {
        var graph = Start();
        graph.Node("GlobalAveragePool", "g", ["c"]);
        graph.Node("Squeeze", "s", ["g", graph.Constant("axes", 2, 3)]);
        graph.Node("Gemm", "y", ["s", graph.Constant("w", graph.Draw(12, -1, 1), 4, 3)]);
        graph.Node("ReduceMean", "m", ["c"], ("axes", new long[] { -1, -2 }), ("keepdims", 0L));
        graph.Node("Unsqueeze", "u", ["m", "axes"]);
        graph.Node("Mul", "z", ["c", "u"]);
        Both(graph, 2.3, "y", "z");
    }

    [TestMethod]
    public void Codes_of_quantized_pairs_are_taken()
    {
        var graph = Start();
        var model = graph.Model("y");
        model.Initializers.Add(new OnnxTensor("zero", [], OnnxType.Int8, new byte[] { 0xFB }));
        model.Initializers.Add(new OnnxTensor("codes", [2, 4, 1, 1], OnnxType.Int8, new byte[] { 127, 3, 0xFF, 9, 0x81, 40, 50, 60 }));
        graph.Node("QuantizeLinear", "q", ["c", graph.Constant("scale", OnnxTensor.From("", [0.03125f])), "zero"]);
        graph.Node("DequantizeLinear", "d", ["q", "scale", "zero"]);
        graph.Node("DequantizeLinear", "w", ["codes", graph.Constant("scales", [0.01f, 0.02f], 2)], ("axis", 0L));
        graph.Node("Conv", "y", ["d", "w"]);
        // A code of the first convolution that rounds the other way is more than one step of the second.
        var likening = Likening.Of(model, Pictures).Within(5, 0.6);
        var tensor = likening.Conversion.Model.Tensors.Single(tensor => tensor.Name == "c");
        Assert.AreEqual((0.03125f, -5L), (tensor.Quantization!.Scales[0], tensor.Quantization.ZeroPoints[0]));
        var weights = likening.Conversion.Model.Tensors.Single(tensor => tensor.Name == "y/weights");
        CollectionAssert.AreEqual(new byte[] { 127, 3, 0xFF, 9, 0x81, 40, 50, 60 }, weights.Data!);
        CollectionAssert.DoesNotContain(likening.Operators.ToArray(), BuiltinOperator.Quantize);
    }

    private static Graphs Start()
    {
        var graph = new Graphs(4, 8, 8);
        graph.Conv("c", "images", 4, 4);
        return graph;
    }

    /// <summary>Asserts the float32 file, then the int8 one; returns the int8 one.</summary>
    private static TfliteModel Both(Graphs graph, double steps, params string[] outputs)
    {
        var model = graph.Model(outputs.Length > 0 ? outputs : ["y"]);
        Likening.InFloat(model, Pictures);
        var likening = Likening.Of(model, Pictures);
        for (var output = 0; output < likening.WorstSteps.Count; output++)
            Assert.IsLessThanOrEqualTo(steps, likening.WorstSteps[output], $"output {output}, mean {likening.MeanSteps[output]:F3}");
        In16Bits(model, likening);
        var (elements, _, near) = Likening.Pairs(likening.Conversion, Pictures);
        Assert.AreEqual(elements, near, "elements within one step in ONNX Runtime");
        Likening.Floats(model, Pictures);
        return likening.Conversion.Model;
    }

    /// <summary>With 16 bits the outputs are nearer to the float model's, and TensorFlow Lite's are the same but for a step.</summary>
    private static void In16Bits(OnnxModel model, Likening inBytes)
    {
        var wide = Likening.Of(model, Pictures, new ConversionOptions { Precision = Precision.Int16x8 });
        for (var output = 0; output < wide.WorstSteps.Count; output++)
            Assert.IsLessThan(0.8 * inBytes.WorstReal(output), wide.WorstReal(output), $"output {output} with 16 bits");
        if (!TensorFlowLite.IsPresent)
            return;
        var file = TfliteFile.Write(wide.Conversion.Model);
        using var library = new TensorFlowLite(file);
        var pixels = Comparison.Pixels(Pictures[0], wide.Conversion.Plan.Network.Input, TensorType.Int16);
        foreach (var (theirs, ours) in library.Run([pixels]).Zip(new Interpreter(TfliteFile.Read(file)).Run([pixels])))
        {
            var differences = MemoryMarshal.Cast<byte, short>(theirs).ToArray().Zip(MemoryMarshal.Cast<byte, short>(ours).ToArray(), (a, b) => Math.Abs(a - b));
            Assert.IsLessThanOrEqualTo(1, differences.Max());
        }
    }
}

using Sscma.Tflite;

namespace Sscma.Quantization.Tests;

/// <summary>
/// Every operator against ONNX Runtime in float. Where the arithmetic alone is tested, the weights are exact in int8 but for the part of a percent by
/// which steady scales stretch them; the worst difference is the last rounding, half a step, and what that adds. Else the rounding of weights adds to it.
/// </summary>
[TestClass]
public sealed class OperatorTests
{
    private const double Rounding = 0.8;

    private static readonly float[][] Pictures = Graphs.Pictures(4, 3, 8, 8);

    [TestMethod]
    public void Conv_of_one_pixel_with_exact_weights()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("y", "images", 3, 4, weights: [127, -64, 1, 5, 127, 3, -127, 0, 127, 127, 1, 1], bias: new float[4]);
        Likening.Of(graph.Model("y"), Pictures).Within(Rounding, 0.28);
    }

    [TestMethod]
    [DataRow(3, 1, 1, 1)]
    [DataRow(3, 2, 1, 1)]
    [DataRow(5, 1, 2, 1)]
    [DataRow(3, 1, 2, 2)]
    [DataRow(3, 1, 0, 1)]
    public void Conv_with_drawn_weights(int kernel, int stride, int pad, int dilation)
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("y", "images", 3, 6, kernel, stride, pad, dilation: dilation);
        Likening.Of(graph.Model("y"), Pictures).Within(1.3, 0.32);
    }

    [TestMethod]
    [DataRow(3, 1, 1, 1)]
    [DataRow(5, 1, 2, 1)]
    [DataRow(3, 2, 1, 1)]
    [DataRow(3, 1, 1, 2)]
    public void Depthwise_conv(int kernel, int stride, int pad, int multiplier)
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("y", "images", 3, 3 * multiplier, kernel, stride, pad, groups: 3);
        var likening = Likening.Of(graph.Model("y"), Pictures).Within(1, 0.3);
        CollectionAssert.Contains(likening.Operators.ToArray(), BuiltinOperator.DepthwiseConv2D);
    }

    [TestMethod]
    public void Nodes_of_an_old_file_are_taken_apart_in_its_own_version()
    {
        // The whole kernel is read by nobody once its groups are cut apart; ONNX Runtime takes that from format 4 on. Sizes and bounds were attributes then.
        var graph = new Graphs(4, 8, 8, irVersion: 3, opset: 8);
        graph.Conv("groups", "images", 4, 6, kernel: 3, pad: 1, groups: 2);
        graph.Node("Clip", "y", ["groups"], ("min", -2f), ("max", 3f));
        Likening.Of(graph.Model("y"), Graphs.Pictures(4, 4, 8, 8)).Within(3, 0.8);
    }

    [TestMethod]
    public void Batch_norm_folds_into_the_convolution()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("c", "images", 3, 5, 3, 1, 1);
        BatchNorm(graph, "y", "c", 5);
        var likening = Likening.Of(graph.Model("y"), Pictures).Within(1.3, 0.32);
        CollectionAssert.AreEqual(new[] { BuiltinOperator.Conv2D }, likening.Operators.ToArray());
    }

    [TestMethod]
    public void Batch_norm_without_a_convolution_becomes_one()
    {
        var graph = new Graphs(3, 8, 8);
        BatchNorm(graph, "y", "images", 3);
        var likening = Likening.Of(graph.Model("y"), Pictures).Within(Rounding, 0.28);
        CollectionAssert.AreEqual(new[] { BuiltinOperator.DepthwiseConv2D }, likening.Operators.ToArray());
    }

    [TestMethod]
    public void Relu_and_clip_are_fused()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("c", "images", 3, 5, 3, 1, 1);
        graph.Node("Relu", "y", ["c"]);
        graph.Constant("zero", [0f]);
        graph.Constant("six", [6f]);
        graph.Conv("d", "images", 3, 5, weights: graph.Draw(15, -9, 9));
        graph.Node("Clip", "z", ["d", "zero", "six"]);
        var likening = Likening.Of(graph.Model("y", "z"), Pictures).Within(1.3, 0.2);
        CollectionAssert.AreEqual(new[] { BuiltinOperator.Conv2D, BuiltinOperator.Conv2D }, likening.Operators.ToArray());
        Assert.IsLessThan(2.0, likening.WorstSteps[1], "weights up to 9, results cut at 6");
        CollectionAssert.AreEqual(
            new[] { Activation.Relu, Activation.Relu6 },
            likening.Conversion.Model.Operators.Select(node => ((ConvOptions)node.Options!).Activation).ToArray());
    }

    [TestMethod]
    public void Relu_of_a_value_with_other_uses_stands_alone()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("c", "images", 3, 5, 3, 1, 1);
        graph.Node("Relu", "r", ["c"]);
        graph.Node("Add", "y", ["c", "r"]);
        Likening.Of(graph.Model("y"), Pictures).Within(2.2, 0.5);
    }

    [TestMethod]
    public void Hard_sigmoid_needs_no_operator_of_its_own()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("c", "images", 3, 5, weights: graph.Draw(15, -8, 8));
        graph.Node("HardSigmoid", "y", ["c"], ("alpha", 1 / 6f), ("beta", 0.5f));
        var likening = Likening.Of(graph.Model("y"), Pictures).Within(1.5, 0.2);
        CollectionAssert.AreEqual(new[] { BuiltinOperator.Conv2D }, likening.Operators.ToArray());
        var codes = likening.Conversion.Plan.Codes[likening.Conversion.Plan.Network.Outputs[0]];
        Assert.AreEqual(1f / 255, codes.Scale);
        Assert.AreEqual(-128, codes.ZeroPoint);
    }

    [TestMethod]
    public void Channel_attention()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("c", "images", 3, 6, 3, 1, 1);
        graph.Node("Relu", "r", ["c"]);
        graph.Node("GlobalAveragePool", "m", ["r"]);
        graph.Conv("f", "m", 6, 6, weights: graph.Draw(36, -2, 2));
        graph.Node("HardSigmoid", "h", ["f"], ("alpha", 1 / 6f), ("beta", 0.5f));
        graph.Node("Mul", "y", ["r", "h"]);
        var likening = Likening.Of(graph.Model("y"), Pictures).Within(2.5, 0.5);
        CollectionAssert.AreEqual(
            new[] { BuiltinOperator.Conv2D, BuiltinOperator.Mean, BuiltinOperator.Conv2D, BuiltinOperator.Mul }, likening.Operators.ToArray());
    }

    [TestMethod]
    public void Sigmoid_times_its_input()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("c", "images", 3, 6, 3, 1, 1);
        graph.Node("Sigmoid", "s", ["c"]);
        graph.Node("Mul", "y", ["c", "s"]);
        Likening.Of(graph.Model("y"), Pictures).Within(3.1, 0.5);
    }

    [TestMethod]
    public void Add_of_different_ranges()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("a", "images", 3, 4, weights: graph.Draw(12, -3, 3));
        graph.Conv("b", "images", 3, 4, weights: graph.Draw(12, -0.1f, 0.1f));
        graph.Node("Add", "y", ["a", "b"]);
        Likening.Of(graph.Model("y"), Pictures).Within(2, 0.5);
    }

    [TestMethod]
    [DataRow(1, 0)]
    [DataRow(2, 1)]
    [DataRow(4, 3)]
    public void Sum_of_any_number_of_values(int values, int additions)
    {
        var graph = new Graphs(3, 8, 8);
        string[] parts = [.. Enumerable.Range(0, values).Select(part => graph.Conv($"part{part}", "images", 3, 4))];
        graph.Node("Sum", "y", parts);
        var likening = Likening.Of(graph.Model("y"), Pictures).Within(2, 0.5);
        Assert.AreEqual(additions, likening.Operators.Count(code => code == BuiltinOperator.Add));
    }

    [TestMethod]
    public void Constant_factors_and_terms_fold_into_the_convolution()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("c", "images", 3, 4, 3, 1, 1);
        graph.Node("Mul", "m", ["c", graph.Constant("factor", [0.5f, 2, -1, 3], 1, 4, 1, 1)]);
        graph.Node("Add", "y", [graph.Constant("term", [2f]), "m"]);
        var likening = Likening.Of(graph.Model("y"), Pictures).Within(1.3, 0.32);
        CollectionAssert.AreEqual(new[] { BuiltinOperator.Conv2D }, likening.Operators.ToArray());
    }

    [TestMethod]
    public void Concat_gives_its_operands_one_scale()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("a", "images", 3, 4);
        graph.Conv("b", "images", 3, 2, weights: graph.Draw(6, -4, 4));
        graph.Node("Concat", "y", ["a", "b"], ("axis", 1L));
        var likening = Likening.Of(graph.Model("y"), Pictures).Within(1.3, 0.3);
        AssertOneScale(likening, BuiltinOperator.Concatenation);
        CollectionAssert.DoesNotContain(likening.Operators.ToArray(), BuiltinOperator.Quantize);
    }

    [TestMethod]
    public void Concat_requantizes_what_sharing_would_spoil()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("a", "images", 3, 4, weights: graph.Draw(12, -0.1f, 0.1f), bias: new float[4]);
        graph.Conv("b", "images", 3, 2, weights: graph.Draw(6, -9, 9));
        graph.Node("Concat", "y", ["a", "b", "images"], ("axis", 1L));
        graph.Conv("z", "a", 4, 3);
        var likening = Likening.Of(graph.Model("z", "y"), Pictures).Within(2, 0.5);
        AssertOneScale(likening, BuiltinOperator.Concatenation);
        Assert.AreEqual(2, likening.Operators.Count(code => code == BuiltinOperator.Quantize), "one for 'a', which 'z' needs fine, one for the image");
        Assert.IsLessThan(1.3, likening.WorstSteps[1]);
    }

    [TestMethod]
    public void A_scale_shared_by_force_costs_nothing_to_a_value_without_other_uses()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("a", "images", 3, 4, weights: graph.Draw(12, -0.1f, 0.1f), bias: new float[4]);
        graph.Conv("b", "images", 3, 2, weights: graph.Draw(6, -9, 9));
        graph.Node("Concat", "y", ["a", "b"], ("axis", 1L));
        var likening = Likening.Of(graph.Model("y"), Pictures).Within(1.3, 0.3);
        CollectionAssert.DoesNotContain(likening.Operators.ToArray(), BuiltinOperator.Quantize);
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(5)]
    [DataRow(13)]
    public void Max_pool_of_any_odd_window_moves_codes_only(int kernel)
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("c", "images", 3, 4);
        Pool(graph, "y", "c", kernel);
        var likening = Likening.Of(graph.Model("y"), Pictures).Within(1, 0.31);
        AssertOneScale(likening, BuiltinOperator.MaxPool2D);
    }

    [TestMethod]
    public void Split_pooling_equals_one_large_pool()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("c", "images", 3, 4);
        Pool(graph, "p", "c", 3);
        Pool(graph, "y", "p", 3);
        var split = Likening.Of(graph.Model("y"), Pictures).Within(1, 0.3);

        var whole = new Graphs(3, 8, 8);
        whole.Conv("c", "images", 3, 4);
        Pool(whole, "y", "c", 5);
        Assert.AreEqual(Likening.Of(whole.Model("y"), Pictures).WorstSteps[0], split.WorstSteps[0]);
    }

    [TestMethod]
    public void Pools_that_begin_alike_are_computed_once()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("c", "images", 3, 4);
        Pool(graph, "p5a", "c", 3);
        Pool(graph, "p5", "p5a", 3);
        Pool(graph, "p7a", "c", 3);
        Pool(graph, "p7b", "p7a", 3);
        Pool(graph, "p7", "p7b", 3);
        graph.Node("Concat", "y", ["c", "p5", "p7"], ("axis", 1L));
        var likening = Likening.Of(graph.Model("y"), Pictures).Within(1, 0.3);
        Assert.AreEqual(3, likening.Operators.Count(code => code == BuiltinOperator.MaxPool2D));
    }

    [TestMethod]
    [DataRow("asymmetric", "floor")]
    [DataRow("half_pixel", "round_prefer_floor")]
    [DataRow("half_pixel", "round_prefer_ceil")]
    public void Nearest_resize(string coordinates, string rounding)
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("c", "images", 3, 4);
        graph.Node("Resize", "y", ["c", "", graph.Constant("factors", [1, 1, 2, 4], 4)],
            ("mode", "nearest"), ("coordinate_transformation_mode", coordinates), ("nearest_mode", rounding));
        var likening = Likening.Of(graph.Model("y"), Pictures).Within(1, 0.3);
        AssertOneScale(likening, BuiltinOperator.ResizeNearestNeighbor);
    }

    [TestMethod]
    public void Pad_adds_zeros()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("c", "images", 3, 4, bias: [3, -3, 3, 3]);
        graph.Node("Pad", "y", ["c", graph.Constant("pads", 0, 0, 1, 2, 0, 0, 3, 4)]);
        var likening = Likening.Of(graph.Model("y"), Pictures).Within(1, 0.3);
        AssertOneScale(likening, BuiltinOperator.Pad);
    }

    [TestMethod]
    public void Transposed_and_reshaped_outputs_need_no_transpose()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("c", "images", 3, 5);
        graph.Node("Transpose", "t", ["c"], ("perm", new long[] { 0, 2, 3, 1 }));
        graph.Node("Reshape", "y", ["t", graph.Constant("cells", 1, -1, 5)]);
        graph.Conv("d", "images", 3, 5);
        graph.Node("Reshape", "r", ["d", graph.Constant("rows", 0, 5, -1)]);
        graph.Node("Transpose", "z", ["r"], ("perm", new long[] { 0, 2, 1 }));
        var likening = Likening.Of(graph.Model("y", "z"), Pictures).Within(1, 0.3);
        Assert.IsLessThan(1.0, likening.WorstSteps[1]);
        CollectionAssert.AreEquivalent(
            new[] { BuiltinOperator.Conv2D, BuiltinOperator.Reshape, BuiltinOperator.Conv2D, BuiltinOperator.Reshape }, likening.Operators.ToArray());
    }

    [TestMethod]
    public void A_channel_with_a_huge_bias_and_tiny_weights_does_not_overflow()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("y", "images", 3, 2, weights: [1e-12f, -1e-12f, 0, 0.5f, 1, 1], bias: [40, 0]);
        Likening.Of(graph.Model("y"), Pictures).Within(1, 0.3);
    }

    private static void BatchNorm(Graphs graph, string name, string input, int channels) => graph.Node("BatchNormalization", name,
    [
        input,
        graph.Constant($"{name}.gamma", graph.Draw(channels, 0.5f, 2), channels),
        graph.Constant($"{name}.beta", graph.Draw(channels, -1, 1), channels),
        graph.Constant($"{name}.mean", graph.Draw(channels, -1, 1), channels),
        graph.Constant($"{name}.variance", graph.Draw(channels, 0.2f, 3), channels),
    ], ("epsilon", 1e-3f));

    private static void Pool(Graphs graph, string name, string input, int kernel) => graph.Node("MaxPool", name, [input],
        ("kernel_shape", new long[] { kernel, kernel }), ("pads", new long[] { kernel / 2, kernel / 2, kernel / 2, kernel / 2 }), ("strides", new long[] { 1, 1 }));

    private static void AssertOneScale(Likening likening, BuiltinOperator code)
    {
        var model = likening.Conversion.Model;
        var node = model.Operators.Single(node => node.Code == code);
        var tensors = node.Inputs.Concat(node.Outputs).Select(index => model.Tensors[index]).Where(tensor => tensor.Type == TensorType.Int8).ToList();
        Assert.AreEqual(1, tensors.Select(tensor => (tensor.Quantization!.Scales[0], tensor.Quantization.ZeroPoints[0])).Distinct().Count());
    }
}

using Sscma.Onnx;

namespace Sscma.Quantization.Tests;

/// <summary>Small networks that are no RTMDet detectors.</summary>
internal static class PlainNetworks
{
    /// <summary>A classifier: normalisation, two strided convolutions, a pool, Flatten, two Gemm, Softmax; [1, channels, 24, 40] → [1, 5].</summary>
    public static OnnxModel Classifier(int channels = 3, int batch = 1)
    {
        var graph = new Graphs(channels, 24, 40, seed: 3, batch);
        graph.Node("Sub", "centred", ["images", graph.Constant("mean", graph.Draw(channels, 0.4f, 0.5f), 1, channels, 1, 1)]);
        graph.Node("Div", "even", ["centred", graph.Constant("deviation", graph.Draw(channels, 0.2f, 0.3f), 1, channels, 1, 1)]);
        graph.Conv("c1", "even", channels, 8, 3, 2, 1, weights: graph.Draw(8 * channels * 9, -0.2f, 0.25f));
        graph.Node("Relu", "r1", ["c1"]);
        graph.Conv("c2", "r1", 8, 8, 3, 2, 1, groups: 8);
        graph.Node("Clip", "r2", ["c2", graph.Constant("zero", OnnxTensor.From("", [0f])), graph.Constant("six", OnnxTensor.From("", [6f]))]);
        graph.Node("MaxPool", "p", ["r2"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
        graph.Node("Flatten", "f", ["p"]);
        graph.Node("Gemm", "g1", ["f", graph.Constant("w1", graph.Draw(12 * 120, -0.3f, 0.3f), 12, 120), graph.Constant("b1", graph.Draw(12, -0.5f, 0.5f), 12)], ("transB", 1L));
        graph.Node("Relu", "r3", ["g1"]);
        graph.Node("Gemm", "g2", ["r3", graph.Constant("w2", graph.Draw(5 * 12, -0.5f, 0.5f), 5, 12), graph.Constant("b2", graph.Draw(5, -0.5f, 0.5f), 5)], ("transB", 1L));
        graph.Node("Softmax", "kinds", ["g2"], ("axis", 1L));
        return graph.Model("kinds");
    }

    /// <summary>
    /// A detector of another family: SiLU, a split and joined block, a pool pyramid, Resize and a joined skip; two levels of cells, flattened, joined and turned to one
    /// output [1, 120, 7] of sigmoids.
    /// </summary>
    public static OnnxModel OneOutput()
    {
        var graph = new Graphs(3, 32, 48, seed: 4);
        var half = SiLU(graph, "half", "images", 3, 8, 3, 2);
        var quarter = Block(graph, SiLU(graph, "quarter", half, 8, 16, 3, 2), 16);
        var eighth = SiLU(graph, "eighth", quarter, 16, 16, 3, 2);
        graph.Node("MaxPool", "around", [eighth], ("kernel_shape", new long[] { 5, 5 }), ("strides", new long[] { 1, 1 }), ("pads", new long[] { 2, 2, 2, 2 }));
        var coarse = SiLU(graph, "coarse", graph.Node("Concat", "pyramid", [eighth, "around"], ("axis", 1L)), 32, 16, 1, 1);
        graph.Node("Resize", "up", [coarse, "", graph.Constant("twice", [1, 1, 2, 2], 4)], ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
        var fine = SiLU(graph, "fine", graph.Node("Concat", "skip", ["up", quarter], ("axis", 1L)), 32, 16, 3, 1);
        var cells = new[] { fine, coarse }.Select((level, index) => graph.Node("Reshape", $"cells{index}", [graph.Conv($"head{index}", level, 16, 7), graph.Constant($"flat{index}", 1, 7, -1)])).ToArray();
        graph.Node("Concat", "all", cells, ("axis", 2L));
        graph.Node("Sigmoid", "chances", ["all"]);
        graph.Node("Transpose", "rows", ["chances"], ("perm", new long[] { 0, 2, 1 }));
        return graph.Model("rows");
    }

    /// <summary>
    /// A head whose distances are means of distributions over 16 places, decoded to boxes: softmax over a turned axis, anchors, strides; outputs boxes [1, 4, 16],
    /// scores [1, 2, 16] and both joined.
    /// </summary>
    public static OnnxModel DistributionHead()
    {
        var graph = new Graphs(3, 32, 32, seed: 4);
        graph.Conv("c", "images", 3, 66, 3, 8, 1, weights: graph.Draw(66 * 27, -0.3f, 0.3f));
        graph.Node("Reshape", "rows", ["c", graph.Constant("shape", 1, 66, -1)]);
        graph.Model().Nodes.Add(new OnnxNode("Split", "parts", ["rows", graph.Constant("sizes", 64, 2)], ["places", "classes"], [new OnnxAttribute("axis", 1L)]));
        graph.Node("Reshape", "sides", ["places", graph.Constant("four", 1, 4, 16, 16)]);
        graph.Node("Transpose", "turned", ["sides"], ("perm", new long[] { 0, 2, 1, 3 }));
        graph.Node("Softmax", "distribution", ["turned"], ("axis", 1L));
        graph.Conv("means", "distribution", 16, 1, weights: [.. Enumerable.Range(0, 16).Select(place => (float)place)], bias: [0]);
        graph.Node("Reshape", "distances", ["means", graph.Constant("again", 1, 4, 16)]);
        graph.Model().Nodes.Add(new OnnxNode("Split", "corners", ["distances", graph.Constant("two", 2, 2)], ["lefttop", "rightbottom"], [new OnnxAttribute("axis", 1L)]));
        graph.Node("Sub", "first", [graph.Constant("anchors", graph.Draw(32, 0, 4), 1, 2, 16), "lefttop"]);
        graph.Node("Add", "second", ["anchors", "rightbottom"]);
        graph.Node("Add", "sum", ["first", "second"]);
        graph.Node("Div", "centre", ["sum", graph.Constant("half", [2f])]);
        graph.Node("Sub", "size", ["second", "first"]);
        graph.Node("Concat", "cells", ["centre", "size"], ("axis", 1L));
        graph.Node("Mul", "boxes", ["cells", graph.Constant("strides", [.. Enumerable.Range(0, 16).Select(cell => cell < 12 ? 8f : 16f)], 1, 16)]);
        graph.Node("Sigmoid", "scores", ["classes"]);
        graph.Node("Concat", "both", ["boxes", "scores"], ("axis", 1L));
        return graph.Model("boxes", "scores", "both");
    }

    /// <summary>A classifier as a quantizer leaves it: pairs around every value, stored codes of weights and biases.</summary>
    public static OnnxModel QuantizedClassifier()
    {
        var graph = new Graphs(3, 16, 16, seed: 6);
        var model = graph.Model("probabilities");
        Pair(graph, "images", 1f / 255, 0);
        Coded(graph, "c.w", graph.Random, [8, 3, 3, 3], 0.004f);
        graph.Node("Conv", "c", ["images/real", "c.w/real"], ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 }));
        graph.Node("Relu", "r", ["c"]);
        Pair(graph, "r", 0.0125f, 0);
        graph.Node("GlobalAveragePool", "g", ["r/real"]);
        Pair(graph, "g", 0.005f, 0);
        graph.Node("Flatten", "f", ["g/real"]);
        Coded(graph, "l.w", graph.Random, [6, 8], 0.015f);
        graph.Node("Gemm", "l", ["f", "l.w/real", graph.Constant("b", graph.Draw(6, 0.1f, 0.5f), 6)], ("transB", 1L));
        graph.Node("Relu", "h", ["l"]);
        Pair(graph, "h", 0.01f, 0);
        Coded(graph, "m.w", graph.Random, [6, 5], 0.02f, axis: 1);
        graph.Node("MatMul", "logits", ["h/real", "m.w/real"]);
        Pair(graph, "logits", 0.03125f, 140);
        graph.Node("Softmax", "probabilities", ["logits/real"], ("axis", 1L));
        return model;
    }

    /// <summary>A stage of ShuffleNet: groups of channels, convolved apart and shuffled, twice; [1, 3, 16, 24] → [1, 12, 8, 12].</summary>
    public static OnnxModel Shuffled()
    {
        var graph = new Graphs(3, 16, 24, seed: 7);
        var value = graph.Conv("stem", "images", 3, 12, 3, 2, 1, weights: graph.Draw(12 * 27, -0.4f, 0.4f));
        for (var stage = 0; stage < 2; stage++)
        {
            graph.Node("Relu", $"r{stage}", [graph.Conv($"c{stage}", value, 12, 12, groups: 3)]);
            graph.Node("Reshape", $"apart{stage}", [$"r{stage}", graph.Constant($"five{stage}", 0, 3, 4, 8, -1)]);
            graph.Node("Transpose", $"turned{stage}", [$"apart{stage}"], ("perm", new long[] { 0, 2, 1, 3, 4 }));
            value = graph.Node("Reshape", $"shuffled{stage}", [$"turned{stage}", graph.Constant($"four{stage}", 1, 12, 8, 12)]);
        }

        return graph.Model(graph.Conv("last", value, 12, 12, weights: graph.Draw(144, -0.3f, 0.3f)));
    }

    /// <summary>
    /// The head of YOLOv5: two levels, three anchors a cell, seven numbers each. Decoded [1, 3 · (24 + 6), 7], as the program of its authors exports it; besides the raw
    /// numbers of each level, [1, 3, H, W, 7].
    /// </summary>
    public static OnnxModel Anchors()
    {
        var graph = new Graphs(3, 32, 48, seed: 8);
        var body = SiLU(graph, "body", "images", 3, 16, 3, 8);
        var half = SiLU(graph, "half", body, 16, 16, 3, 2);
        var levels = new List<string>();
        foreach (var (level, input, height, width) in new[] { (0, body, 4, 6), (1, half, 2, 3) })
        {
            graph.Conv($"raw{level}", input, 16, 21, weights: graph.Draw(21 * 16, -0.4f, 0.4f));
            graph.Node("Reshape", $"anchors{level}", [$"raw{level}", graph.Constant($"five{level}", 1, 3, 7, height, width)]);
            graph.Node("Transpose", $"turned{level}", [$"anchors{level}"], ("perm", new long[] { 0, 1, 3, 4, 2 }));
            graph.Node("Sigmoid", $"s{level}", [$"turned{level}"]);
            graph.Model().Nodes.Add(new OnnxNode(
                "Split", $"parts{level}", [$"s{level}", graph.Constant($"sizes{level}", 2, 2, 3)], [$"xy{level}", $"wh{level}", $"rest{level}"], [new OnnxAttribute("axis", 4L)]));
            graph.Node("Mul", $"wide{level}", [$"xy{level}", graph.Constant($"two{level}", [2f])]);
            graph.Node("Add", $"moved{level}", [$"wide{level}", graph.Constant($"grid{level}", graph.Draw(2 * 3 * height * width, -0.5f, 6), 1, 3, height, width, 2)]);
            graph.Node("Mul", $"centre{level}", [$"moved{level}", graph.Constant($"stride{level}", [8f])]);
            graph.Node("Pow", $"square{level}", [graph.Node("Mul", $"twice{level}", [$"wh{level}", $"two{level}"]), $"two{level}"]);
            graph.Node("Mul", $"size{level}", [$"square{level}", graph.Constant($"sides{level}", graph.Draw(6, 4, 12), 1, 3, 1, 1, 2)]);
            graph.Node("Concat", $"found{level}", [$"centre{level}", $"size{level}", $"rest{level}"], ("axis", 4L));
            levels.Add(graph.Node("Reshape", $"list{level}", [$"found{level}", graph.Constant($"flat{level}", 1, 3 * height * width, 7)]));
        }

        graph.Node("Concat", "all", [.. levels], ("axis", 1L));
        return graph.Model("all", "turned0", "turned1");
    }

    private static string SiLU(Graphs graph, string name, string input, int from, int to, int kernel, int stride)
    {
        var most = 1.5f / MathF.Sqrt(from * kernel * kernel);
        graph.Conv($"{name}/conv", input, from, to, kernel, stride, kernel / 2, weights: graph.Draw(to * from * kernel * kernel, -most, 1.2f * most));
        graph.Node("Sigmoid", $"{name}/gate", [$"{name}/conv"]);
        return graph.Node("Mul", name, [$"{name}/conv", $"{name}/gate"]);
    }

    private static string Block(Graphs graph, string input, int channels)
    {
        var (part, model) = (channels / 2, graph.Model());
        model.Nodes.Add(new OnnxNode("Split", "node_split", [input, graph.Constant("sizes", part, part)], ["left", "right"], [new OnnxAttribute("axis", 1L)]));
        var deep = SiLU(graph, "deep", "right", part, part, 3, 1);
        graph.Node("Add", "sum", ["right", deep]);
        return SiLU(graph, "joined", graph.Node("Concat", "parts", ["left", "right", "sum"], ("axis", 1L)), 3 * part, channels, 1, 1);
    }

    private static void Pair(Graphs graph, string value, float scale, byte zero)
    {
        graph.Constant($"{value}/scale", OnnxTensor.From("", [scale]));
        graph.Constant($"{value}/zero", new OnnxTensor("", [], OnnxType.UInt8, new[] { zero }));
        graph.Node("QuantizeLinear", $"{value}/codes", [value, $"{value}/scale", $"{value}/zero"]);
        graph.Node("DequantizeLinear", $"{value}/real", [$"{value}/codes", $"{value}/scale", $"{value}/zero"]);
    }

    private static void Coded(Graphs graph, string name, Random random, long[] shape, float scale, int axis = 0)
    {
        var codes = new byte[shape.Aggregate(1L, (product, extent) => product * extent)];
        for (var i = 0; i < codes.Length; i++)
            codes[i] = (byte)(sbyte)random.Next(-127, 128);
        graph.Constant($"{name}/codes", new OnnxTensor("", shape, OnnxType.Int8, codes));
        graph.Constant($"{name}/scales", [.. Enumerable.Range(0, (int)shape[axis]).Select(row => scale * (1 + (0.1f * row)))], shape[axis]);
        graph.Node("DequantizeLinear", $"{name}/real", [$"{name}/codes", $"{name}/scales"], ("axis", (long)axis));
    }
}

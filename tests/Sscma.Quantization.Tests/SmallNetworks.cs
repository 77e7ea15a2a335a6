using Sscma.Onnx;

namespace Sscma.Quantization.Tests;

/// <summary>Networks that are no RTMDet detectors: what users bring.</summary>
internal static class SmallNetworks
{
    public const int Height = 24;
    public const int Width = 40;

    /// <summary>A classifier of images that are not square: convolutions with batch norm, depthwise ones, a mean, Gemm, Softmax; one output [1, 5].</summary>
    public static OnnxModel Classifier(int channels = 3)
    {
        var graph = new Graphs(channels, Height, Width, seed: 3);
        graph.Conv("c1", "images", channels, 8, 3, 2, 1);
        graph.Node("BatchNormalization", "n1",
        [
            "c1", graph.Constant("gamma", graph.Draw(8, 0.5f, 1.5f), 8), graph.Constant("beta", graph.Draw(8, -0.2f, 0.2f), 8),
            graph.Constant("mean", graph.Draw(8, -0.2f, 0.2f), 8), graph.Constant("variance", graph.Draw(8, 0.5f, 2), 8),
        ]);
        graph.Node("Relu", "r1", ["n1"]);
        graph.Conv("c2", "r1", 8, 8, 3, 1, 1, groups: 8);
        graph.Node("Clip", "r2", ["c2", graph.Constant("zero", [0f]), graph.Constant("six", [6f])]);
        graph.Conv("c3", "r2", 8, 16, 3, 2, 1, weights: graph.Draw(16 * 8 * 9, -0.2f, 0.2f));
        graph.Node("Relu", "r3", ["c3"]);
        graph.Node("GlobalAveragePool", "g", ["r3"]);
        graph.Node("Flatten", "f", ["g"]);
        graph.Node("Gemm", "logits", ["f", graph.Constant("w", graph.Draw(5 * 16, -1.5f, 1.5f), 5, 16), graph.Constant("b", graph.Draw(5, -0.5f, 0.5f), 5)], ("transB", 1L));
        graph.Node("Softmax", "probabilities", ["logits"], ("axis", 1L));
        return graph.Model("probabilities");
    }

    /// <summary>A one-stage detector in YOLO's manner: SiLU, a split and joined stage, an upsampled level, heads that become one output [1, cells, 4 + 2].</summary>
    public static OnnxModel Yolo()
    {
        var graph = new Graphs(3, 32, 48, seed: 4);
        var stem = Silu(graph, "stem", "images", 3, 8, 3, 2);
        var low = Silu(graph, "low", stem, 8, 16, 3, 2);
        var wide = Silu(graph, "wide", low, 16, 16, 1, 1);
        graph.Model().Nodes.Add(new OnnxNode("Split", "halves", [wide, graph.Constant("parts", 8, 8)], ["left", "right"], [new OnnxAttribute("axis", 1L)]));
        var deep = Silu(graph, "deep", "right", 8, 8, 3, 1);
        graph.Node("Add", "kept", ["right", deep]);
        graph.Node("Concat", "stage", ["left", "right", "kept"], ("axis", 1L));
        var fine = Silu(graph, "fine", "stage", 24, 16, 1, 1);
        var coarse = Silu(graph, "coarse", fine, 16, 16, 3, 2);
        graph.Node("MaxPool", "pooled", [coarse], ("kernel_shape", new long[] { 5, 5 }), ("strides", new long[] { 1, 1 }), ("pads", new long[] { 2, 2, 2, 2 }));
        graph.Node("Concat", "spp", [coarse, "pooled"], ("axis", 1L));
        graph.Node("Resize", "up", ["spp", "", graph.Constant("twice", [1, 1, 2, 2], 4)], ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
        graph.Node("Concat", "neck", ["up", fine], ("axis", 1L));
        graph.Conv("head8", "neck", 48, 6, weights: graph.Draw(48 * 6, -0.4f, 0.4f));
        graph.Conv("head16", "spp", 32, 6, weights: graph.Draw(32 * 6, -0.4f, 0.4f));
        graph.Node("Reshape", "rows8", ["head8", graph.Constant("shape", 1, 6, -1)]);
        graph.Node("Reshape", "rows16", ["head16", "shape"]);
        graph.Node("Concat", "rows", ["rows8", "rows16"], ("axis", 2L));
        graph.Node("Sigmoid", "scores", ["rows"]);
        graph.Node("Transpose", "found", ["scores"], ("perm", new long[] { 0, 2, 1 }));
        return graph.Model("found");
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

    private static string Silu(Graphs graph, string name, string input, int from, int to, int kernel, int stride)
    {
        var spread = 1.5f / MathF.Sqrt(from * kernel * kernel);
        graph.Conv($"{name}/c", input, from, to, kernel, stride, kernel / 2, weights: graph.Draw(to * from * kernel * kernel, -spread, 1.4f * spread));
        graph.Node("Sigmoid", $"{name}/s", [$"{name}/c"]);
        return graph.Node("Mul", name, [$"{name}/c", $"{name}/s"]);
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

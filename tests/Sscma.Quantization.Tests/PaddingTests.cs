using Sscma.Tflite;

namespace Sscma.Quantization.Tests;

/// <summary>Windows that ONNX and TFLite place differently. The weights are exact to half a percent, so one pixel of shift would be dozens of steps.</summary>
[TestClass]
public sealed class PaddingTests
{
    [TestMethod]
    [DataRow(8, 8, 3, 2, 1, true)]
    [DataRow(9, 9, 3, 2, 1, false)]
    [DataRow(8, 9, 3, 2, 1, true)]
    [DataRow(7, 8, 3, 1, 1, false)]
    [DataRow(8, 8, 5, 2, 2, true)]
    [DataRow(9, 8, 3, 2, 0, false)]
    [DataRow(8, 8, 3, 1, 2, true)]
    [DataRow(8, 8, 2, 2, 0, false)]
    [DataRow(8, 7, 1, 2, 0, false)]
    public void Every_window_lies_where_ONNX_puts_it(int height, int width, int kernel, int stride, int pad, bool needsPad)
    {
        foreach (var groups in new[] { 1, 3 })
        {
            var graph = new Graphs(3, height, width);
            var weights = new float[3 * (3 / groups) * kernel * kernel];
            for (var i = 0; i < weights.Length; i++)
                weights[i] = i % (weights.Length / 3) == 0 ? 127 : graph.Random.Next(-127, 128);
            graph.Conv("y", "images", 3, 3, kernel, stride, pad, groups, weights: weights, bias: new float[3]);
            var likening = Likening.Of(graph.Model("y"), Graphs.Pictures(3, 3, height, width)).Within(1.2, 0.31);
            Assert.AreEqual(needsPad, likening.Operators.Contains(BuiltinOperator.Pad));
        }
    }

    [TestMethod]
    public void Only_rows_that_a_window_reaches_are_added()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("y", "images", 3, 3, 3, 2, 1);
        var likening = Likening.Of(graph.Model("y"), Graphs.Pictures(2, 3, 8, 8));
        var padded = likening.Conversion.Model.Operators.Single(node => node.Code == BuiltinOperator.Pad).Outputs[0];
        CollectionAssert.AreEqual(new[] { 1, 9, 9, 3 }, likening.Conversion.Model.Tensors[padded].Shape);
    }

    [TestMethod]
    [DataRow("SAME_UPPER", 8)]
    [DataRow("SAME_LOWER", 8)]
    [DataRow("SAME_UPPER", 9)]
    public void Automatic_padding_is_known(string kind, int size)
    {
        var graph = new Graphs(3, size, size);
        graph.Constant("w", [.. Enumerable.Range(0, 81).Select(i => i % 27 == 0 ? 127f : (i * 37 % 255) - 127f)], 3, 3, 3, 3);
        graph.Node("Conv", "y", ["images", "w"], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("auto_pad", kind));
        Likening.Of(graph.Model("y"), Graphs.Pictures(3, 3, size, size)).Within(1.2, 0.31);
    }
}

using Sscma.Diagnostics;

namespace Sscma.Quantization.Tests;

[TestClass]
public sealed class UnsupportedTests
{
    [TestMethod]
    public void Every_offending_node_is_named_once_in_one_error()
    {
        var graph = new Graphs(4, 8, 8);
        graph.Conv("ok", "images", 4, 4);
        graph.Node("Erf", "strange", ["ok"]);
        graph.Node("Relu", "after", ["strange"]);
        graph.Conv("grouped", "ok", 4, 4, groups: 2);
        graph.Node("MaxPool", "pool", ["ok"], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }));
        graph.Node("Concat", "joined", ["ok", "grouped"], ("axis", 2L));
        var model = graph.Model("after", "pool", "joined");

        var problem = Assert.ThrowsExactly<DiagnosticException>(() => Converter.Convert(model, [], new ConversionOptions()));

        Assert.AreEqual(Codes.OnnxNodesUnsupported, problem.Diagnostic.Code);
        var message = problem.Diagnostic.Message;
        StringAssert.StartsWith(message, "4 node(s) of the ONNX graph cannot be expressed in int8: 'node_strange' (Erf): the operator is not known; ");
        StringAssert.Contains(message, "'node_grouped' (Conv): 2 groups over 4 channels");
        StringAssert.Contains(message, "'node_pool' (MaxPool): its padding has no equal in TFLite");
        StringAssert.Contains(message, "'node_joined' (Concat): only channels (axis 1) are joined");
        Assert.DoesNotContain("node_after", message, "a node that only follows a bad one is no fault of its own");
    }

    [TestMethod]
    public void A_transpose_inside_the_network_is_named()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Node("Transpose", "t", ["images"], ("perm", new long[] { 0, 2, 3, 1 }));
        graph.Node("Relu", "y", ["t"]);
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => Converter.Convert(graph.Model("y"), [], new ConversionOptions()));
        StringAssert.Contains(problem.Diagnostic.Message, "'node_y' (Relu): a transpose or reshape is only known at the end of the graph");
    }

    [TestMethod]
    public void An_open_image_size_is_an_error()
    {
        var graph = new Graphs(3, -1, -1);
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => Converter.Convert(graph.Model("images"), [], new ConversionOptions()));
        Assert.AreEqual(Codes.OnnxInputUnknown, problem.Diagnostic.Code);
    }

    [TestMethod]
    public void Weights_that_blow_up_are_an_error_that_names_the_value()
    {
        var graph = new Graphs(3, 8, 8);
        graph.Conv("c", "images", 3, 2, weights: [float.MaxValue, float.MaxValue, 1, 1, 1, 1]);
        graph.Node("Relu", "y", ["c"]);
        var problem = Assert.ThrowsExactly<DiagnosticException>(
            () => Converter.Convert(graph.Model("y"), Graphs.Pictures(1, 3, 8, 8), new ConversionOptions()));
        Assert.AreEqual(Codes.ActivationNotFinite, problem.Diagnostic.Code);
        StringAssert.Contains(problem.Diagnostic.Message, "'y'");
    }
}

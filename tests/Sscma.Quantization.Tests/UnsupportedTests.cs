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
        graph.Conv("half", "ok", 4, 2);
        graph.Node("Resize", "cubic", ["ok", "", graph.Constant("twice", [1, 1, 2, 2], 4)], ("mode", "cubic"));
        graph.Node("MaxPool", "pool", ["ok"], ("kernel_shape", new long[] { 3, 3 }), ("dilations", new long[] { 2, 2 }));
        graph.Node("Concat", "joined", ["ok", "half"], ("axis", 2L));
        graph.Node("Pad", "mirrored", ["ok", graph.Constant("edges", 0, 0, 1, 1, 0, 0, 1, 1)], ("mode", "reflect"));
        graph.Node("Softmax", "soft", ["ok"], ("axis", 3L));
        var model = graph.Model("after", "cubic", "pool", "joined", "mirrored", "soft");

        var problem = Assert.ThrowsExactly<DiagnosticException>(() => Converter.Convert(model, [], new ConversionOptions()));

        Assert.AreEqual(Codes.OnnxNodesUnsupported, problem.Diagnostic.Code);
        var message = problem.Diagnostic.Message;
        StringAssert.StartsWith(message, "6 node(s) of the ONNX graph cannot be expressed in TFLite: 'node_strange' (Erf): the operator is not known; ");
        StringAssert.Contains(message, "'node_cubic' (Resize): the mode 'cubic' has no equal in TFLite");
        StringAssert.Contains(message, "'node_pool' (MaxPool): dilations are not known");
        StringAssert.Contains(message, "'node_joined' (Concat): its operands have different sizes: [1,4,8,8], [1,2,8,8]");
        StringAssert.Contains(message, "'node_mirrored' (Pad): the mode 'reflect' has no equal in TFLite Micro");
        StringAssert.Contains(message, "'node_soft' (Softmax): only a softmax over channels is known, not over axis 3 of [1,4,8,8]");
        Assert.DoesNotContain("node_after", message, "a node that only follows a bad one is no fault of its own");
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

using Sscma.Diagnostics;
using Sscma.Tflite;

namespace Sscma.Quantization.Tests;

/// <summary>Values of five axes through the export: shuffled channels, anchors.</summary>
[TestClass]
public sealed class FiveAxesTests
{
    private static readonly ExportOptions Any = new() { AnyNetwork = true };

    [TestMethod]
    public void Shuffled_channels_cost_one_transpose_each()
    {
        var model = PlainNetworks.Shuffled();
        var pictures = Graphs.Pictures(12, 3, 16, 24);
        var result = TfliteExporter.Export(model, pictures, Any with { Formats = [ExportFormat.Tflite, ExportFormat.Onnx, ExportFormat.OnnxQdq] }, new DiagnosticList());
        var file = TfliteFile.Read(result.Tflite);
        Assert.HasCount(2, file.Operators.Where(node => node.Code == BuiltinOperator.Transpose));
        Assert.IsTrue(file.Tensors.All(tensor => tensor.Shape.Length <= 4));
        Assert.IsGreaterThan(30.0, Decibels.Of(model, file, pictures));
        Assert.AreEqual(1.0, result.Report.Onnx[1].WithinOneStep);
        var floats = TfliteFile.Read(TfliteExporter.Export(model, [], Any with { Precision = Precision.Float32 }, new DiagnosticList()).Tflite);
        Assert.IsGreaterThan(100.0, Decibels.Of(model, floats, pictures));
    }

    [TestMethod]
    public void Anchors_of_five_axes_are_decoded_in_the_file()
    {
        var model = PlainNetworks.Anchors();
        var pictures = Graphs.Pictures(12, 3, 32, 48);
        var floats = TfliteFile.Read(TfliteExporter.Export(model, [], Any with { Precision = Precision.Float32 }, new DiagnosticList()).Tflite);
        Assert.AreEqual("[1,90,7] [1,3,4,6,7] [1,3,2,3,7]", string.Join(' ', floats.Outputs.Select(output => $"[{string.Join(',', floats.Tensors[output].Shape)}]")));
        for (var output = 0; output < 3; output++)
            Assert.IsGreaterThan(100.0, Decibels.Of(model, floats, pictures, output), $"output {output}");
        var result = TfliteExporter.Export(model, pictures, Any with { Formats = [ExportFormat.Tflite, ExportFormat.OnnxQdq] }, new DiagnosticList());
        for (var output = 0; output < 3; output++)
            Assert.IsGreaterThan(28.0, Decibels.Of(model, TfliteFile.Read(result.Tflite), pictures, output), $"output {output}");
        Assert.IsGreaterThanOrEqualTo(0.999, result.Report.Onnx[0].WithinOneStep!.Value);
    }

    [TestMethod]
    [DataRow("Mean", new[] { 0L, 1, 3, 4, 2 }, "'node_y' (ReduceMean): its operand [1,2,3,5,4] has five axes", DisplayName = "an operator that knows no five axes")]
    [DataRow("Reshape", new[] { 0L, 3, 1, 4, 2 }, "'node_y' (Reshape): rows and columns lie apart in its operand [1,3,2,5,4]", DisplayName = "rows and columns apart")]
    [DataRow("Split", new[] { 0L, 1, 3, 4, 2 }, "'node_y' (Split): of five axes, rows and columns must stay whole", DisplayName = "a cut through rows")]
    [DataRow("Where", new[] { 0L, 1, 3, 4, 2 }, "'node_y' (Reshape): its operand [1,2,3,5,4] has five axes", DisplayName = "as the shape of a Reshape")]
    [DataRow("Power", new[] { 0L, 1, 3, 4, 2 }, "'node_y' (Pow): its operand [1,2,3,5,4] has five axes", DisplayName = "as an exponent")]
    [DataRow("Add", new[] { 0L, 1, 3, 4, 2 }, "'node_y' (Add): its constant operand [7] does not spread over [1,2,3,5,4]", DisplayName = "a constant that does not fit")]
    public void Five_axes_that_cannot_be_four_are_an_error(string op, long[] axes, string reason)
    {
        var graph = new Graphs(8, 3, 5);
        graph.Node("Reshape", "five", ["images", graph.Constant("shape", 1, 2, 4, 3, 5)]);
        graph.Node("Transpose", "turned", ["five"], ("perm", axes));
        _ = op switch
        {
            "Mean" => graph.Node("ReduceMean", "y", ["turned"], ("axes", new[] { 1L })),
            "Reshape" => graph.Node("Reshape", "y", ["turned", graph.Constant("flat", 1, -1)]),
            "Split" => graph.Node("Split", "y", ["turned", graph.Constant("whole", 3)], ("axis", 2L)),
            "Where" => graph.Node("Reshape", "y", ["images", "turned"]),
            "Power" => graph.Node("Pow", "y", [graph.Constant("two", [2f]), "turned"]),
            _ => graph.Node("Add", "y", ["turned", graph.Constant("seven", graph.Draw(7, 0, 1), 7)]),
        };
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => TfliteExporter.InputOf(graph.Model("y"), anyNetwork: true)).Diagnostic;
        Assert.AreEqual(Codes.OnnxNodesUnsupported, problem.Code);
        Assert.Contains(reason, problem.Message);
    }
}

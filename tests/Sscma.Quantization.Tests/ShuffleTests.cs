using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Tflite;

namespace Sscma.Quantization.Tests;

/// <summary>Channels shuffled by way of a batch of parts, as ShuffleNet V2 is often written.</summary>
[TestClass]
public sealed class ShuffleTests
{
    private static readonly ExportOptions Any = new() { AnyNetwork = true };

    [TestMethod]
    [DataRow(2, -1)]
    [DataRow(3, 1)]
    public void Each_part_is_a_slice_with_a_step(int groups, int batch)
    {
        var model = Shuffled(groups, batch, perm: [1, 0, 2]);
        var pictures = Graphs.Pictures(12, 3, 8, 12);
        var diagnostics = new DiagnosticList();
        var result = TfliteExporter.Export(model, pictures, Any with { Formats = [ExportFormat.Tflite, ExportFormat.OnnxQdq] }, diagnostics);

        Assert.IsEmpty(diagnostics.Items);
        var file = TfliteFile.Read(result.Tflite);
        Assert.AreEqual(groups, file.Operators.Count(node => node.Code == BuiltinOperator.StridedSlice));
        Assert.IsFalse(file.Operators.Any(node => node.Code is BuiltinOperator.Transpose or BuiltinOperator.Reshape));
        Assert.IsGreaterThan(30.0, Decibels.Of(model, file, pictures));
        Assert.IsGreaterThanOrEqualTo(0.999, result.Report.Onnx[0].WithinOneStep!.Value);
        var floats = TfliteFile.Read(TfliteExporter.Export(model, [], Any with { Precision = Precision.Float32 }, new DiagnosticList()).Tflite);
        Assert.IsGreaterThan(100.0, Decibels.Of(model, floats, pictures));
    }

    [TestMethod]
    [DataRow(new[] { 1L, 2, 0 }, false, DisplayName = "turned otherwise")]
    [DataRow(new[] { 1L, 0, 2 }, true, DisplayName = "all parts are a result")]
    public void What_only_looks_like_it_is_an_error(long[] perm, bool partsAreResult)
    {
        var model = Shuffled(2, 1, perm);
        if (partsAreResult)
            model.Outputs.Add(new OnnxValueInfo("parts", OnnxType.Float, null));
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => TfliteExporter.Export(model, [], Any with { Precision = Precision.Float32 }, new DiagnosticList()));
        Assert.AreEqual(Codes.OnnxNodesUnsupported, problem.Diagnostic.Code);
        Assert.Contains("'node_apart' (Reshape)", problem.Diagnostic.Message);
    }

    private static OnnxModel Shuffled(int groups, int batch, long[] perm)
    {
        var graph = new Graphs(3, 8, 12, seed: 5);
        var channels = groups * 4;
        graph.Node("Relu", "image", [graph.Conv("c", "images", 3, channels)]);
        graph.Node("Reshape", "apart", ["image", graph.Constant("one", 4, groups, 96)]);
        graph.Node("Transpose", "turned", ["apart"], ("perm", perm));
        graph.Node("Reshape", "parts", ["turned", graph.Constant("two", groups, batch, 4, 8, 12)]);
        // The last part is counted from the end.
        string[] parts = [.. Enumerable.Range(0, groups).Select(part => graph.Node("Gather", $"part{part}", ["parts", graph.Constant($"index{part}", OnnxTensor.From("", [part == groups - 1 ? -1L : part]))], ("axis", 0L)))];
        graph.Conv("d", parts[0], 4, 4, kernel: 3, pad: 1);
        graph.Node("Concat", "y", ["d", .. parts[1..]], ("axis", 1L));
        return graph.Model("y");
    }
}

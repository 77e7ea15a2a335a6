using System.Globalization;
using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Tflite;

namespace Sscma.Quantization.Tests;

/// <summary>
/// ONNX files of others, in the folder that SSCMA_ONNX_FILES names (docs/maintainers.md says which ones were tried). Weights that a file leaves to ConstantOfShape, as the light
/// models of the ONNX project do, are drawn.
/// </summary>
[TestClass]
public sealed class OnnxFilesTests
{
    private const string Variable = "SSCMA_ONNX_FILES";

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public void Each_file_becomes_one_that_computes_the_same()
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(folder))
            Assert.Inconclusive($"{Variable} names no folder");
        var files = Directory.GetFiles(folder, "*.onnx").Order(StringComparer.Ordinal).ToList();
        Assert.IsNotEmpty(files, $"{folder} holds no ONNX file");
        var failures = new List<string>();
        foreach (var file in files)
        {
            var told = Try(file, failures);
            TestContext.WriteLine($"{Path.GetFileName(file)}: {told}");
        }

        Assert.IsEmpty(failures, string.Join('\n', failures));
    }

    private static string Try(string file, List<string> failures)
    {
        var model = WithDrawnWeights(OnnxFile.Parse(File.ReadAllBytes(file)));
        try
        {
            // Old files name their constants as inputs too.
            var shape = model.Inputs.First(input => model.Initializers.All(constant => constant.Name != input.Name)).Shape!;
            var pictures = Graphs.Pictures(2, (int)shape[1], (int)shape[2], (int)shape[3]);
            var options = new ExportOptions { AnyNetwork = true };
            var floats = TfliteExporter.Export(model, [], options with { Precision = Precision.Float32 }, new DiagnosticList());
            var whole = TfliteExporter.Export(model, pictures, options, new DiagnosticList());
            var (inFloats, inCodes) = (Decibels.Of(model, TfliteFile.Read(floats.Tflite), pictures), Decibels.Of(model, TfliteFile.Read(whole.Tflite), pictures));
            if (!(inFloats > 80))
                failures.Add($"{Path.GetFileName(file)}: float32 at {inFloats:0.0} dB");
            if (!(inCodes > 10))
                failures.Add($"{Path.GetFileName(file)}: int8 at {inCodes:0.0} dB");
            var shapes = string.Join(" ", TfliteFile.Read(whole.Tflite) is var read ? read.Outputs.Select(output => $"[{string.Join(",", read.Tensors[output].Shape)}]") : []);
            return string.Create(CultureInfo.InvariantCulture, $"{shapes} float32 {inFloats:0.0} dB, int8 {inCodes:0.0} dB");
        }
        catch (DiagnosticException problem)
        {
            failures.Add($"{Path.GetFileName(file)}: {problem.Diagnostic.Code} {problem.Diagnostic.Message}");
            return problem.Diagnostic.Code;
        }
    }

    private static OnnxModel WithDrawnWeights(OnnxModel model)
    {
        var random = new Random(1);
        var known = model.Initializers.ToDictionary(tensor => tensor.Name);
        foreach (var node in model.Nodes.Where(node => node.Op == "ConstantOfShape" && known.ContainsKey(node.Inputs[0])).ToList())
        {
            var shape = known[node.Inputs[0]].Longs();
            var fan = shape.Skip(1).Aggregate(1.0, (product, extent) => product * extent);
            var (low, high) = shape.Length == 1 ? (0.5, 1.5) : (-Math.Sqrt(6 / fan), Math.Sqrt(6 / fan));
            var values = new float[shape.Aggregate(1L, (product, extent) => product * extent)];
            for (var i = 0; i < values.Length; i++)
                values[i] = (float)(low + ((high - low) * random.NextDouble()));
            model.Nodes.Remove(node);
            model.Initializers.Add(OnnxTensor.From(node.Outputs[0], values, shape));
        }

        return model;
    }
}

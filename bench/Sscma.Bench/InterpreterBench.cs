using System.Diagnostics;
using System.Globalization;
using Sscma.TestSupport;
using Sscma.Tflite;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Bench;

/// <summary>
/// Milliseconds per image of a model: the interpreter on the best vector instructions, on others, on several threads, and the real TensorFlow Lite
/// beside it when SSCMA_TFLITE_LIBRARY names its library.
/// </summary>
internal static class InterpreterBench
{
    private static readonly string SampleModel = Path.Combine("sample-project", "obj", "sscma", "parts_detector", "parts_detector.tflite");

    public static void Run(Arguments arguments)
    {
        var path = arguments.Text("model") ?? Path.Combine(Repository.Root, SampleModel);
        if (!File.Exists(path))
        {
            Console.WriteLine($"there is no '{path}': run 'dotnet build sample-project' first, or say model=<path of a .tflite>");
            return;
        }

        var file = File.ReadAllBytes(path);
        var model = TfliteFile.Read(file);
        var inputs = Noise(model);
        var expected = new Interpreter(model, new InterpreterOptions { Path = KernelPath.Plain }).Run(inputs);
        var macs = MultiplyAdds(model);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFileName(path)} {string.Join('x', model.Tensors[model.Inputs[0]].Shape)}, {macs / 1e6:0.0} million multiply-adds"));

        var variants = Variants(arguments, file, model, inputs, expected);
        var seconds = Stopwatches.Compare(arguments.Number("rounds", 15), [.. variants.Select(variant => variant.Run)]);
        for (var i = 0; i < variants.Count; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {variants[i].Name,-32} {seconds[i] * 1e3,8:0.00} ms {macs / seconds[i] / 1e9,7:0.0} GMAC/s  {seconds[i] / seconds[0],6:0.00} times the first"));
        }

        if (arguments.Text("operators") is not null)
            PrintOperators(model, inputs, arguments.Number("rounds", 15));
    }

    // All of ours are checked to give the plain kernels' bytes before anything is measured.
    private static List<(string Name, Action Run)> Variants(Arguments arguments, byte[] file, TfliteModel model, byte[][] inputs, byte[][] expected)
    {
        var variants = new List<(string Name, Action Run)>();
        AddOurs("ours", new InterpreterOptions());
        AddOurs("ours, 2 threads", new InterpreterOptions { Threads = 2 });
        if (TensorFlowLite.IsPresent)
        {
            AddTheirs("TensorFlow Lite, built-in", xnnpack: false);
            AddTheirs("TensorFlow Lite, XNNPACK int8", xnnpack: true);
        }

        if (arguments.Text("paths") is not null)
        {
            foreach (var path in KernelPaths.Supported.Skip(1))
                AddOurs($"ours, {path}", new InterpreterOptions { Path = path });
        }

        if (arguments.Text("plain") is not null)
            AddOurs("ours, plain", new InterpreterOptions { Path = KernelPath.Plain });
        return variants;

        void AddOurs(string name, InterpreterOptions options)
        {
            var interpreter = new Interpreter(model, options);
            if (!interpreter.Run(inputs).Zip(expected).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)))
                throw new InvalidOperationException($"{name}: differs from the plain kernels");
            variants.Add((name, () => interpreter.Run(inputs)));
        }

        void AddTheirs(string name, bool xnnpack)
        {
            var library = new TensorFlowLite(file, xnnpack);
            variants.Add((name, () => library.Run(inputs)));
        }
    }

    // Where the time goes: seconds of each operator, summed by kind and slowest first.
    private static void PrintOperators(TfliteModel model, byte[][] inputs, int rounds)
    {
        var interpreter = new Interpreter(model);
        interpreter.Run(inputs);
        var ticks = new long[model.Operators.Count];
        for (var round = 0; round < rounds; round++)
        {
            for (var k = 0; k < ticks.Length; k++)
            {
                var start = Stopwatch.GetTimestamp();
                interpreter.RunOperator(k);
                ticks[k] += Stopwatch.GetTimestamp() - start;
            }
        }

        double Milliseconds(int k) => ticks[k] * 1e3 / Stopwatch.Frequency / rounds;
        foreach (var kind in Enumerable.Range(0, ticks.Length).GroupBy(k => model.Operators[k].Code).OrderByDescending(group => group.Sum(Milliseconds)))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {kind.Key,-20} {kind.Count(),3} {kind.Sum(Milliseconds),8:0.000} ms {kind.Sum(k => MultiplyAdds(model, k)) / kind.Sum(Milliseconds) / 1e6,7:0.0} GMAC/s"));
        foreach (var k in Enumerable.Range(0, ticks.Length).OrderByDescending(Milliseconds).Take(12))
        {
            var node = model.Operators[k];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {k,3} {node.Code,-16} {string.Join('x', model.Tensors[node.Inputs[0]].Shape),-16} -> {string.Join('x', model.Tensors[node.Outputs[0]].Shape),-16} {Milliseconds(k),7:0.000} ms {MultiplyAdds(model, k) / Milliseconds(k) / 1e6,7:0.0} GMAC/s"));
        }
    }

    private static double MultiplyAdds(TfliteModel model) => Enumerable.Range(0, model.Operators.Count).Sum(k => MultiplyAdds(model, k));

    private static double MultiplyAdds(TfliteModel model, int k)
    {
        var node = model.Operators[k];
        if (node.Code is not (BuiltinOperator.Conv2D or BuiltinOperator.DepthwiseConv2D or BuiltinOperator.FullyConnected))
            return 0;
        var (weights, output) = (model.Tensors[node.Inputs[1]], model.Tensors[node.Outputs[0]]);
        return (double)output.Count * weights.Count / output.Shape[^1];
    }

    private static byte[][] Noise(TfliteModel model)
    {
        var random = new Random(1);
        return [.. model.Inputs.Select(input =>
        {
            var bytes = new byte[model.Tensors[input].Count * model.Tensors[input].Type.Size()];
            random.NextBytes(bytes);
            return bytes;
        })];
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Sscma.Quantization;
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
    // The default network with random weights: what it computes means nothing, how long it takes is the same.
    private const string Untrained = "nano_relu";

    // A camera's pictures follow one another: threads are awake, and weights lie in the cache as the last picture left them.
    private const int UsualInARow = 5;

    // Part of the largest magnitude by which a float may differ from the plain kernels'.
    private const float Tolerance = 1e-4f;

    private static readonly string SampleModel = Path.Combine("sample-project", "obj", "sscma", "parts_detector", "parts_detector.tflite");

    public static void Run(Arguments arguments)
    {
        var path = arguments.Text("model") ?? Path.Combine(Repository.Root, SampleModel);
        if (path != Untrained && !File.Exists(path))
        {
            Console.WriteLine($"there is no '{path}': run 'dotnet build sample-project' first, or say model=<path of a .tflite> or model={Untrained}");
            return;
        }

        var file = path == Untrained ? ExportBench.NanoReluFile(arguments.Number("size", 192), Enum.Parse<Precision>(arguments.Text("precision") ?? "int8", ignoreCase: true)) : File.ReadAllBytes(path);
        var model = TfliteFile.Read(file);
        var inputs = Noise(model);
        var expected = new Interpreter(model, new InterpreterOptions { Path = KernelPath.Plain }).Run(inputs);
        var macs = MultiplyAdds(model);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFileName(path)} {model.Tensors[model.Inputs[0]].Type} {string.Join('x', model.Tensors[model.Inputs[0]].Shape)}, {macs / 1e6:0.0} million multiply-adds"));

        var variants = Variants(arguments, file, model, inputs, expected);
        var inARow = arguments.Number("in-a-row", UsualInARow);
        var seconds = Stopwatches.Measure(arguments.Number("rounds", 15), [.. variants.Select(variant => InARow(variant.Run, inARow))])
            .Select(time => (Median: time.Median / inARow, Least: time.Least / inARow)).ToArray();
        for (var i = 0; i < variants.Count; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {variants[i].Name,-32} {seconds[i].Median * 1e3,8:0.00} ms {macs / seconds[i].Median / 1e9,7:0.0} GMAC/s {seconds[i].Median / seconds[0].Median,7:0.00} times the first; at best {seconds[i].Least * 1e3,8:0.00} ms {seconds[i].Least / seconds[0].Least,7:0.00} times"));
        }

        if (arguments.Text("operators") is not null)
            PrintOperators(model, inputs, arguments.Number("rounds", 15));
    }

    // All of ours are checked before anything is measured: codes are the plain kernels' bytes, floats are near them.
    private static List<(string Name, Action Run)> Variants(Arguments arguments, byte[] file, TfliteModel model, byte[][] inputs, byte[][] expected)
    {
        var variants = new List<(string Name, Action Run)>();
        AddOurs("ours", new InterpreterOptions());
        AddOurs("ours, 2 threads", new InterpreterOptions { Threads = 2 });
        if (TensorFlowLite.IsPresent)
        {
            AddTheirs("TensorFlow Lite, built-in", xnnpack: false);
            AddTheirs("TensorFlow Lite, XNNPACK", xnnpack: true);
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
            var outputs = interpreter.Run(inputs);
            for (var k = 0; k < outputs.Length; k++)
            {
                if (!Agrees(model.Tensors[model.Outputs[k]].Type, expected[k], outputs[k]))
                    throw new InvalidOperationException($"{name}: output {k} differs from the plain kernels");
            }

            variants.Add((name, () => interpreter.Run(inputs)));
        }

        void AddTheirs(string name, bool xnnpack)
        {
            var library = new TensorFlowLite(file, xnnpack);
            variants.Add((name, () => library.Run(inputs)));
        }
    }

    private static Action InARow(Action run, int times) => () =>
    {
        for (var i = 0; i < times; i++)
            run();
    };

    private static bool Agrees(TensorType type, byte[] expected, byte[] actual)
    {
        if (type != TensorType.Float32)
            return actual.AsSpan().SequenceEqual(expected);
        var (wanted, found) = (MemoryMarshal.Cast<byte, float>(expected).ToArray(), MemoryMarshal.Cast<byte, float>(actual).ToArray());
        var largest = wanted.Max(Math.Abs);
        return wanted.Zip(found, (a, b) => Math.Abs(a - b)).All(difference => difference <= Tolerance * largest);
    }

    // Where the time goes: each operator's best time on one thread and on two, summed by kind, slowest first. The best, because other work on the machine
    // only ever adds.
    private static void PrintOperators(TfliteModel model, byte[][] inputs, int rounds)
    {
        var (one, two) = (Best(1), Best(2));
        foreach (var kind in Enumerable.Range(0, one.Length).GroupBy(k => model.Operators[k].Code).OrderByDescending(group => group.Sum(k => one[k])))
            Console.WriteLine($"  {kind.Key,-20} {kind.Count(),3} {Times(kind)}");
        foreach (var k in Enumerable.Range(0, one.Length).OrderByDescending(k => one[k]).Take(20))
        {
            var node = model.Operators[k];
            Console.WriteLine($"  {k,3} {node.Code,-16} {Extents(node.Inputs[0]),-16} -> {Extents(node.Outputs[0]),-16} {Times([k])}");
        }

        string Extents(int tensor) => string.Join('x', model.Tensors[tensor].Shape);

        string Times(IEnumerable<int> operators) => string.Create(CultureInfo.InvariantCulture,
            $"{operators.Sum(k => one[k]),8:0.000} ms {operators.Sum(k => MultiplyAdds(model, k)) / operators.Sum(k => one[k]) / 1e6,7:0.0} GMAC/s, two threads {operators.Sum(k => one[k]) / operators.Sum(k => two[k]),5:0.00} times as fast");

        double[] Best(int threads)
        {
            using var interpreter = new Interpreter(model, new InterpreterOptions { Threads = threads });
            interpreter.Run(inputs);
            var ticks = Enumerable.Repeat(long.MaxValue, model.Operators.Count).ToArray();
            for (var round = 0; round < rounds; round++)
            {
                for (var k = 0; k < ticks.Length; k++)
                {
                    var start = Stopwatch.GetTimestamp();
                    interpreter.RunOperator(k);
                    ticks[k] = Math.Min(ticks[k], Stopwatch.GetTimestamp() - start);
                }
            }

            return Array.ConvertAll(ticks, count => count * 1e3 / Stopwatch.Frequency);
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
            if (model.Tensors[input].Type == TensorType.Float32)
            {
                foreach (ref var value in MemoryMarshal.Cast<byte, float>(bytes.AsSpan()))
                    value = random.NextSingle();
            }

            return bytes;
        })];
    }
}

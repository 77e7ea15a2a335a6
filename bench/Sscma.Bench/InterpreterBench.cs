using System.Globalization;
using Sscma.Tflite;

namespace Sscma.Bench;

/// <summary>Milliseconds per image of a trained model: the interpreter's fast kernels against the plain ones that define them.</summary>
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

        var model = TfliteFile.Read(File.ReadAllBytes(path));
        var inputs = Noise(model);
        var (fast, plain) = (new Interpreter(model), new Interpreter(model, plain: true));
        if (!fast.Run(inputs).Zip(plain.Run(inputs)).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)))
            throw new InvalidOperationException("the fast kernels differ from the plain ones");

        var seconds = Stopwatches.Compare(arguments.Number("rounds", 15), () => fast.Run(inputs), () => plain.Run(inputs));
        var shape = string.Join('x', model.Tensors[model.Inputs[0]].Shape);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFileName(path)} {shape}: fast {seconds[0] * 1e3:0.0} ms, plain {seconds[1] * 1e3:0.0} ms, {seconds[1] / seconds[0]:0.0} times faster; the same bytes"));
    }

    private static byte[][] Noise(TfliteModel model)
    {
        var random = new Random(1);
        return [.. model.Inputs.Select(input =>
        {
            var bytes = new byte[model.Tensors[input].Shape.Aggregate(1, (product, size) => product * size)];
            random.NextBytes(bytes);
            return bytes;
        })];
    }
}

using System.Runtime.InteropServices;

namespace Sscma.Tflite.Tests;

/// <summary>Operators over tensors so large that several threads share them.</summary>
[TestClass]
public sealed class ThreadTests
{
    private const int Side = 48;
    private const int Channels = 40;

    private static readonly TfliteQuantization Codes = TfliteQuantization.PerTensor(0.05f, 3);

    private static readonly Dictionary<string, TfliteModel> Models = new()
    {
        ["Add"] = Model(BuiltinOperator.Add, new AddOptions(), Image(), Image()),
        ["Add for each channel"] = Model(BuiltinOperator.Add, new AddOptions(), Image(), Fed(1, 1, 1, Channels)),
        ["Add for each pixel"] = Model(BuiltinOperator.Add, new AddOptions(), Image(), Fed(1, Side, Side, 1)),
        ["Sub"] = Model(BuiltinOperator.Sub, new SubOptions(), Image(), Image()),
        ["Mul"] = Model(BuiltinOperator.Mul, new MulOptions(), Image(), Image()),
        ["Mul for each channel"] = Model(BuiltinOperator.Mul, new MulOptions(), Image(), Fed(1, 1, 1, Channels)),
        ["MaxPool2D"] = Model(BuiltinOperator.MaxPool2D, new PoolOptions(Padding.Same, 1, 1, 5, 5), Image()),
        ["AveragePool2D"] = Model(BuiltinOperator.AveragePool2D, new PoolOptions(Padding.Same, 1, 1, 3, 3), Image()),
        ["Logistic"] = Model(BuiltinOperator.Logistic, null, TfliteQuantization.PerTensor(1f / 256, -128), [1, Side, Side, Channels], Image()),
        ["Pad"] = Model(BuiltinOperator.Pad, null, Codes, [1, Side + 2, Side + 3, Channels], Image(), Numbers([4, 2], 0, 0, 1, 1, 2, 1, 0, 0)),
        ["Transpose"] = Model(BuiltinOperator.Transpose, null, Codes, [1, Channels, Side, Side], Image(), Numbers([4], 0, 3, 1, 2)),
        ["Concatenation"] = Model(BuiltinOperator.Concatenation, new ConcatenationOptions(3), Codes, [1, Side, Side, Channels + 7], Image(), Fed(1, Side, Side, 7)),
        ["ResizeNearestNeighbor"] = Model(BuiltinOperator.ResizeNearestNeighbor, new ResizeNearestOptions(), Codes, [1, 2 * Side, 2 * Side, Channels], Image(), Numbers([2], 2 * Side, 2 * Side)),
        ["ResizeBilinear"] = Model(BuiltinOperator.ResizeBilinear, new ResizeBilinearOptions(HalfPixelCenters: true), Codes, [1, 2 * Side, 2 * Side, Channels], Image(), Numbers([2], 2 * Side, 2 * Side)),
        ["Mean"] = Model(BuiltinOperator.Mean, new ReducerOptions(KeepDimensions: true), TfliteQuantization.PerTensor(0.002f, 3), [1, 1, 1, Channels], Image(), Numbers([2], 1, 2)),
        ["Conv2D of few positions and many channels"] = Pointwise(7, 96, 320),
    };

    public static IEnumerable<object[]> Names => Models.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Any_number_of_threads_gives_the_same(string name)
    {
        var model = Models[name];
        var inputs = new RandomModels(name.Length).Inputs(model);
        var expected = new Interpreter(model).Run(inputs)[0];
        Assert.IsGreaterThan(20, expected.Distinct().Count());
        foreach (var threads in new[] { 2, 3, 5 })
        {
            using var interpreter = new Interpreter(model, new InterpreterOptions { Threads = threads });
            for (var run = 0; run < 20; run++)
                Compare.Exactly(expected, interpreter.Run(inputs)[0], $"{name}, {threads} threads");
        }
    }

    private static TfliteModel Model(BuiltinOperator code, OperatorOptions? options, params TfliteTensor[] inputs) => Model(code, options, Codes, inputs[0].Shape, inputs);

    private static TfliteModel Model(BuiltinOperator code, OperatorOptions? options, TfliteQuantization quantization, int[] shape, params TfliteTensor[] inputs) => new()
    {
        Tensors = [.. inputs, new TfliteTensor("output", shape, TensorType.Int8, null, quantization)],
        Operators = [new TfliteOperator(code, [.. Enumerable.Range(0, inputs.Length)], [inputs.Length], options)],
        Inputs = [.. Enumerable.Range(0, inputs.Length).Where(i => inputs[i].Data is null)],
        Outputs = [inputs.Length],
    };

    private static TfliteModel Pointwise(int side, int from, int to)
    {
        var weights = new RandomModels(1).Inputs(Model(BuiltinOperator.Relu, null, Fed(to, 1, 1, from)))[0];
        return Model(
            BuiltinOperator.Conv2D, new ConvOptions(Padding.Same, 1, 1), TfliteQuantization.PerTensor(2, 3), [1, side, side, to],
            Fed(1, side, side, from), new TfliteTensor("weights", [to, 1, 1, from], TensorType.Int8, weights, TfliteQuantization.PerTensor(0.05f, 0)));
    }

    private static TfliteTensor Image() => Fed(1, Side, Side, Channels);

    private static TfliteTensor Fed(params int[] shape) => new("input", shape, TensorType.Int8, null, Codes);

    private static TfliteTensor Numbers(int[] shape, params int[] numbers) => new("numbers", shape, TensorType.Int32, MemoryMarshal.AsBytes<int>(numbers).ToArray());
}

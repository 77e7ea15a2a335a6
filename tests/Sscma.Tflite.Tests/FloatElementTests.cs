using System.Runtime.InteropServices;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Tests;

/// <summary>Float32 operators that take elements one by one, or one with another: vectors against single values.</summary>
[TestClass]
public sealed class FloatElementTests
{
    [TestMethod]
    [DataRow(BuiltinOperator.Logistic)]
    [DataRow(BuiltinOperator.HardSwish)]
    [DataRow(BuiltinOperator.LeakyRelu)]
    [DataRow(BuiltinOperator.Relu)]
    [DataRow(BuiltinOperator.Relu6)]
    public void Activations_are_near_those_of_single_values_wherever_the_values_lie(BuiltinOperator code)
    {
        var random = new Random(5);
        foreach (var count in new[] { 1, 3, 8, 31, 64, 100, 100_003 })
        {
            var model = Model(new(code, [0], [1], code == BuiltinOperator.LeakyRelu ? new LeakyReluOptions(0.1f) : null), Floats("in", count), Floats("out", count));
            var values = Enumerable.Range(0, count).Select(i => i switch { 0 => 90f, 1 => -90f, 2 => 0f, _ => (random.NextSingle() * 16) - 8 }).ToArray();
            byte[][] inputs = [MemoryMarshal.AsBytes<float>(values).ToArray()];
            var expected = new Interpreter(model, new InterpreterOptions { Path = KernelPath.Plain }).Run(inputs)[0];
            var alone = new Interpreter(model).Run(inputs)[0];
            Compare.Floats(expected, alone, 1e-6, $"{count}");
            using var interpreter = new Interpreter(model, new InterpreterOptions { Threads = 3 });
            Compare.Exactly(alone, interpreter.Run(inputs)[0], $"{count} by three threads");
        }
    }

    [TestMethod]
    [DataRow(BuiltinOperator.Add)]
    [DataRow(BuiltinOperator.Sub)]
    [DataRow(BuiltinOperator.Mul)]
    public void Pairs_are_rounded_once(BuiltinOperator code)
    {
        OperatorOptions options = code switch
        {
            BuiltinOperator.Add => new AddOptions(Activation.Relu6),
            BuiltinOperator.Sub => new SubOptions(Activation.Relu6),
            _ => new MulOptions(Activation.Relu6),
        };
        var random = new Random(6);
        foreach (var (shapeA, shapeB) in new (int[], int[])[] { ([3, 37], [3, 37]), ([3, 37], [1, 37]), ([3, 1], [3, 37]), ([1, 1], [3, 37]), ([3, 37], [1, 1]) })
        {
            var model = Model(new(code, [0, 1], [2], options), Floats("a", shapeA), Floats("b", shapeB), Floats("out", 3, 37));
            var (a, b) = (Draw(random, shapeA), Draw(random, shapeB));
            var output = MemoryMarshal.Cast<byte, float>(new Interpreter(model).Run([MemoryMarshal.AsBytes<float>(a).ToArray(), MemoryMarshal.AsBytes<float>(b).ToArray()])[0]).ToArray();
            for (var i = 0; i < output.Length; i++)
            {
                var (x, y) = (At(a, shapeA, i), At(b, shapeB, i));
                Assert.AreEqual(Math.Clamp(code == BuiltinOperator.Add ? x + y : code == BuiltinOperator.Sub ? x - y : x * y, 0, 6), output[i], $"element {i}");
            }
        }
    }

    [TestMethod]
    [DataRow(1, 19)]
    [DataRow(2, 4)]
    public void A_mean_over_positions_or_over_channels_adds_in_order(int axis, int channels)
    {
        var random = new Random(7);
        const int Rows = 23;
        var model = Model(
            new(BuiltinOperator.Mean, [0, 1], [2], new ReducerOptions()),
            Floats("in", 1, Rows, channels), new TfliteTensor("axes", [1], TensorType.Int32, BitConverter.GetBytes(axis)), Floats("out", 1, axis == 1 ? channels : Rows));
        var values = Draw(random, [Rows, channels]);
        var output = MemoryMarshal.Cast<byte, float>(new Interpreter(model).Run([MemoryMarshal.AsBytes<float>(values).ToArray()])[0]).ToArray();
        for (var i = 0; i < output.Length; i++)
        {
            var (sum, count) = (0f, axis == 1 ? Rows : channels);
            for (var k = 0; k < count; k++)
                sum += axis == 1 ? values[(k * channels) + i] : values[(i * channels) + k];
            Assert.AreEqual(sum / count, output[i]);
        }
    }

    [TestMethod]
    public void Resizing_mixes_whole_and_left_over_channels_alike()
    {
        // The channels are all the same, so all outputs of a position must be.
        const int Channels = 21;
        var random = new Random(8);
        var model = Model(
            new(BuiltinOperator.ResizeBilinear, [0, 1], [2], new ResizeBilinearOptions(HalfPixelCenters: true)),
            Floats("in", 1, 3, 4, Channels), new TfliteTensor("size", [2], TensorType.Int32, MemoryMarshal.AsBytes<int>(new[] { 7, 9 }).ToArray()), Floats("out", 1, 7, 9, Channels));
        var pixels = Draw(random, [12]);
        float[] values = [.. pixels.SelectMany(pixel => Enumerable.Repeat(pixel, Channels))];
        var output = MemoryMarshal.Cast<byte, float>(new Interpreter(model).Run([MemoryMarshal.AsBytes<float>(values).ToArray()])[0]).ToArray();
        for (var position = 0; position < 63; position++)
            Assert.AreEqual(1, output.Skip(position * Channels).Take(Channels).Distinct().Count());
        Assert.IsGreaterThan(30, output.Distinct().Count());
    }

    private static TfliteModel Model(TfliteOperator node, params TfliteTensor[] tensors) => new()
    {
        Tensors = tensors,
        Operators = [node],
        Inputs = [.. Enumerable.Range(0, tensors.Length - 1).Where(i => tensors[i].Data is null)],
        Outputs = [tensors.Length - 1],
    };

    private static TfliteTensor Floats(string name, params int[] shape) => new(name, shape, TensorType.Float32);

    private static float[] Draw(Random random, int[] shape) =>
        [.. Enumerable.Range(0, shape.Aggregate(1, (product, extent) => product * extent)).Select(_ => (random.NextSingle() * 8) - 3)];

    private static float At(float[] values, int[] shape, int i) => values[((shape[0] == 1 ? 0 : i / 37) * shape[1]) + (shape[1] == 1 ? 0 : i % 37)];
}

using System.Runtime.InteropServices;
using Sscma.Tflite.Interpretation;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Tests;

[TestClass]
public sealed class FastKernelTests
{
    [TestMethod]
    [DataRow(TensorType.Int8, 400)]
    [DataRow(TensorType.Int16, 100)]
    public void Fast_convolution_equals_the_plain_one(TensorType type, int seeds) => FastEqualsPlain(type, seeds, random => random.Conv());

    [TestMethod]
    [DataRow(TensorType.Int8, 400)]
    [DataRow(TensorType.Int16, 100)]
    public void Fast_matrix_product_equals_the_plain_one(TensorType type, int seeds) => FastEqualsPlain(type, seeds, random => random.FullyConnected());

    [TestMethod]
    [DataRow(TensorType.Int8, 400)]
    [DataRow(TensorType.Int16, 100)]
    public void Fast_depthwise_convolution_equals_the_plain_one(TensorType type, int seeds) => FastEqualsPlain(type, seeds, random => random.DepthwiseConv());

    [TestMethod]
    public void Fast_float_kernels_are_near_the_plain_ones_and_the_same_on_every_number_of_threads()
    {
        foreach (var make in new Func<RandomModels, TfliteModel>[] { random => random.Conv(), random => random.DepthwiseConv(), random => random.FullyConnected() })
        {
            for (var seed = 0; seed < 60; seed++)
            {
                var random = new RandomModels(seed, TensorType.Float32);
                var model = make(random);
                var inputs = random.Inputs(model);
                var expected = new Interpreter(model, new InterpreterOptions { Path = KernelPath.Plain }).Run(inputs)[0];
                foreach (var path in KernelPaths.Supported)
                {
                    var alone = new Interpreter(model, new InterpreterOptions { Path = path }).Run(inputs)[0];
                    Compare.Floats(expected, alone, 1e-5, $"seed {seed}, {path}");
                    using var interpreter = new Interpreter(model, new InterpreterOptions { Path = path, Threads = 2 + (seed % 2) });
                    Compare.Exactly(alone, interpreter.Run(inputs)[0], $"seed {seed}, {path}");
                }
            }
        }
    }

    [TestMethod]
    [DataRow(1, 1, 3000)]
    [DataRow(3, 3, 400)]
    [DataRow(5, 1, 200)]
    public void The_largest_products_of_16_bits_are_added_without_loss(int kernelY, int kernelX, int channels)
    {
        // Every code and weight at its end: sums reach 2^35, and any 32 bits that were too few would show. The last channel's weights are of both signs.
        const int Outputs = 19;
        var filter = kernelY * kernelX * channels;
        var weights = Enumerable.Range(0, Outputs * filter).Select(i => (byte)(i / filter == Outputs - 1 && i % 2 == 0 ? 127 : -128)).ToArray();
        var scale = TfliteQuantization.PerTensor(1, 0);
        var model = new TfliteModel
        {
            Tensors =
            [
                new("input", [1, 6, 7, channels], TensorType.Int16, null, scale),
                new("weights", [Outputs, kernelY, kernelX, channels], TensorType.Int8, weights, scale),
                new("output", [1, 6, 7, Outputs], TensorType.Int16, null, TfliteQuantization.PerTensor(filter * 170f, 0)),
            ],
            Operators = [new(BuiltinOperator.Conv2D, [0, 1, -1], [2], new ConvOptions(Padding.Same, 1, 1))],
            Inputs = [0],
            Outputs = [2],
        };
        byte[][] inputs = [MemoryMarshal.AsBytes<short>(Enumerable.Repeat(short.MinValue, 42 * channels).ToArray()).ToArray()];
        var expected = new Interpreter(model, new InterpreterOptions { Path = KernelPath.Plain }).Run(inputs)[0];
        Assert.AreEqual(128.0 * 32768 / 170, MemoryMarshal.Cast<byte, short>(expected)[3 * 7 * Outputs + (3 * Outputs)], 1);
        foreach (var path in KernelPaths.Supported)
            Compare.Exactly(expected, new Interpreter(model, new InterpreterOptions { Path = path }).Run(inputs)[0], $"{path}");
    }

    [TestMethod]
    public void Vectors_of_sums_are_scaled_like_single_ones()
    {
        var random = new Random(7);
        var range = new CodeRange(-100, 90);
        for (var round = 0; round < 2000; round++)
        {
            var multiplier = Multiplier.Of(Math.ScaleB(0.5 + (random.NextDouble() / 2), random.Next(-34, 9)));
            var zeroPoint = random.Next(-128, 128);
            var sums = Enumerable.Range(0, 19).Select(_ => random.Next(int.MinValue, int.MaxValue) >> random.Next(32)).ToArray();
            sums[0] = int.MinValue;
            sums[1] = int.MaxValue;
            var codes = new sbyte[sums.Length];

            new Requantizer(multiplier, zeroPoint, range).Apply(sums, codes);

            for (var i = 0; i < sums.Length; i++)
                Assert.AreEqual(range.Clamp(multiplier.Apply(sums[i]) + zeroPoint), codes[i], $"{sums[i]} times {multiplier}");
        }
    }

    private static void FastEqualsPlain(TensorType type, int seeds, Func<RandomModels, TfliteModel> make)
    {
        var differing = 0;
        for (var seed = 0; seed < seeds; seed++)
        {
            var random = new RandomModels(seed, type);
            var model = make(random);
            var inputs = random.Inputs(model);
            var expected = new Interpreter(model, new InterpreterOptions { Path = KernelPath.Plain }).Run(inputs)[0];
            foreach (var path in KernelPaths.Supported)
            {
                using var interpreter = new Interpreter(model, new InterpreterOptions { Path = path, Threads = 1 + (seed % 3) });
                Compare.Exactly(expected, interpreter.Run(inputs)[0], $"seed {seed}, {path}");
            }

            differing += expected.Distinct().Count() > 10 ? 1 : 0;
        }

        // Most outputs must not be saturated, or the comparison would say little.
        Assert.IsGreaterThan(seeds / 2, differing);
    }
}

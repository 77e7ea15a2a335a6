using Sscma.Tflite.Interpretation;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Tests;

[TestClass]
public sealed class FastKernelTests
{
    [TestMethod]
    public void Fast_convolution_equals_the_plain_one() => FastEqualsPlain(random => random.Conv());

    [TestMethod]
    public void Fast_matrix_product_equals_the_plain_one() => FastEqualsPlain(random => random.FullyConnected());

    [TestMethod]
    public void Fast_depthwise_convolution_equals_the_plain_one() => FastEqualsPlain(random => random.DepthwiseConv());

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

    private static void FastEqualsPlain(Func<RandomModels, TfliteModel> make)
    {
        var differing = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new RandomModels(seed);
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
        Assert.IsGreaterThan(250, differing);
    }
}

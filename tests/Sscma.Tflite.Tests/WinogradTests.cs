using Sscma.Tflite.Interpretation.Kernels;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Tests;

[TestClass]
public sealed unsafe class WinogradTests
{
    private const int Side = WinogradTransforms.Inputs;
    private const int Outputs = WinogradTransforms.Outputs;

    [TestMethod]
    [DataRow(1)]
    [DataRow(20)]
    [DataRow(64)]
    public void What_comes_back_is_the_sum_of_the_products(int channels)
    {
        var random = new Random(channels);
        var up = WinogradTransforms.Up(channels);
        for (var round = 0; round < 50; round++)
        {
            // In every other round all is at its ends, in the last with one sign: the largest sum of all.
            var codes = Codes(random, round, Side * Side * channels);
            var weights = Codes(random, round, 9 * channels);
            var values = new short[WinogradTransforms.Places * up];
            var sums = new int[WinogradTransforms.Places * 16];
            var outputs = new int[Outputs * Outputs * 16];
            var start = Enumerable.Range(0, 16).Select(_ => random.Next(-1000, 1000)).ToArray();
            Transform(codes, channels, values, up);
            for (var place = 0; place < WinogradTransforms.Places; place++)
            {
                for (var lane = 0; lane < 16; lane++)
                {
                    // Lane 0 has the weights, the others a part of them.
                    for (var c = lane; c < channels; c++)
                    {
                        var weight = Enumerable.Range(0, 9).Sum(tap => WinogradTransforms.WeightFactor(place, tap) * weights[(tap * channels) + c]);
                        Assert.IsInRange(short.MinValue, short.MaxValue, weight);
                        sums[(place * 16) + lane] += weight * values[(place * up) + c];
                    }
                }
            }

            TransformBack(sums, start, outputs);

            for (var output = 0; output < Outputs * Outputs; output++)
            {
                for (var lane = 0; lane < 16; lane++)
                    Assert.AreEqual(start[lane] + Direct(codes, weights, channels, output, lane), outputs[(output * 16) + lane], $"round {round}, output {output}, lane {lane}");
            }
        }
    }

    [TestMethod]
    public void A_convolution_by_Winograd_equals_the_plain_one()
    {
        var taken = 0;
        for (var seed = 0; seed < 16; seed++)
        {
            var random = new RandomModels(seed);
            var model = random.SquareConv();
            var inputs = random.Inputs(model);
            if (seed % 4 == 0)
                Array.Fill(inputs[0], (byte)0x80);
            var expected = new Interpreter(model, new InterpreterOptions { Path = KernelPath.Plain }).Run(inputs)[0];
            foreach (var path in KernelPaths.Supported)
            {
                using var interpreter = new Interpreter(model, new InterpreterOptions { Path = path, Threads = 1 + (seed % 3) });
                Compare.Exactly(expected, interpreter.Run(inputs)[0], $"seed {seed}, {path}");
                Compare.Exactly(expected, interpreter.Run(inputs)[0], $"seed {seed}, {path}, again");
                taken += IsWinograd(interpreter) ? 1 : 0;
            }
        }

        Assert.IsGreaterThan(7, taken);
    }

    [TestMethod]
    [DataRow(227, true)]
    [DataRow(229, false)]
    public void Weights_that_32_bits_may_not_hold_are_left_to_the_other_kernel(int channels, bool winograd)
    {
        var weights = Enumerable.Repeat((byte)0x80, 2 * 9 * channels).ToArray();
        var scale = TfliteQuantization.PerTensor(1, 0);
        var model = new TfliteModel
        {
            Tensors =
            [
                new("input", [1, 32, 32, channels], TensorType.Int8, null, scale),
                new("weights", [2, 3, 3, channels], TensorType.Int8, weights, scale),
                new("output", [1, 32, 32, 2], TensorType.Int8, null, TfliteQuantization.PerTensor(channels * 1300f, 0)),
            ],
            Operators = [new(BuiltinOperator.Conv2D, [0, 1, -1], [2], new ConvOptions(Padding.Same, 1, 1))],
            Inputs = [0],
            Outputs = [2],
        };
        byte[][] inputs = [Enumerable.Repeat((byte)0x80, 32 * 32 * channels).ToArray()];
        var expected = new Interpreter(model, new InterpreterOptions { Path = KernelPath.Plain }).Run(inputs)[0];
        Assert.AreEqual(113, (sbyte)expected[33 * 2]);
        foreach (var path in KernelPaths.Supported.Where(path => path != KernelPath.ArmDot))
        {
            var interpreter = new Interpreter(model, new InterpreterOptions { Path = path });
            Compare.Exactly(expected, interpreter.Run(inputs)[0], $"{path}");
            Assert.AreEqual(winograd, IsWinograd(interpreter), $"{path}");
        }
    }

    private static bool IsWinograd(Interpreter interpreter) => interpreter.KernelOf(0).GetType().Name.StartsWith("Winograd", StringComparison.Ordinal);

    private static sbyte[] Codes(Random random, int round, int count) => [.. Enumerable.Range(0, count).Select(_ => round switch
    {
        49 => sbyte.MinValue,
        _ when round % 2 == 0 => random.Next(2) == 0 ? sbyte.MinValue : sbyte.MaxValue,
        _ => (sbyte)random.Next(-128, 128),
    })];

    private static int Direct(sbyte[] codes, sbyte[] weights, int channels, int output, int firstChannel)
    {
        var sum = 0;
        for (var tap = 0; tap < 9; tap++)
        {
            var pixel = (((output / Outputs) + (tap / 3)) * Side) + (output % Outputs) + (tap % 3);
            for (var c = firstChannel; c < channels; c++)
                sum += codes[(pixel * channels) + c] * weights[(tap * channels) + c];
        }

        return sum;
    }

    private static void Transform(sbyte[] codes, int channels, short[] values, int step)
    {
        // Whole vectors are read.
        sbyte[] padded = [.. codes, .. new sbyte[64]];
        var pixels = stackalloc sbyte*[Side * Side];
        var scratch = stackalloc byte[WinogradTransforms.ScratchBytes];
        fixed (sbyte* from = padded)
        fixed (short* to = values)
        {
            for (var pixel = 0; pixel < Side * Side; pixel++)
                pixels[pixel] = from + (pixel * channels);
            WinogradTransforms.OfInputs(pixels, channels, scratch, to, step);
        }
    }

    private static void TransformBack(int[] sums, int[] start, int[] outputs)
    {
        var scratch = stackalloc byte[WinogradTransforms.ScratchBytes];
        fixed (int* from = sums, first = start, to = outputs)
            WinogradTransforms.ToOutputs(from, 16, 16, first, scratch, to, 16);
    }
}

using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Tests;

/// <summary>What attention over channels is made of: means of all positions, and a factor or summand for each channel. Channels that fill vectors, and some that do not.</summary>
[TestClass]
public sealed class ChannelFactorTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(24)]
    [DataRow(32)]
    [DataRow(100)]
    [DataRow(300)]
    public void A_short_row_is_as_if_it_were_written_out(int channels)
    {
        const int Positions = 5 * 7;
        var random = new Random(channels);
        var picture = new byte[2 * Positions * channels];
        var row = new byte[channels];
        random.NextBytes(picture);
        random.NextBytes(row);
        var rows = Enumerable.Repeat(row, 2 * Positions).SelectMany(bytes => bytes).ToArray();
        foreach (var (code, options) in new (BuiltinOperator, OperatorOptions?)[] { (BuiltinOperator.Mul, new MulOptions()), (BuiltinOperator.Add, new AddOptions()), (BuiltinOperator.Maximum, null) })
        {
            foreach (var path in KernelPaths.Supported.Prepend(KernelPath.Plain))
            {
                for (var threads = 1; threads <= 3; threads++)
                    Compare.Exactly(Run([2, 5, 7, channels], rows, threads), Run([channels], row, threads), $"{code}, {path}, {threads} threads");

                byte[] Run(int[] shape, byte[] second, int threads)
                {
                    var same = TfliteQuantization.PerTensor(0.02f, -3);
                    var model = new TfliteModel
                    {
                        Tensors =
                        [
                            new("picture", [2, 5, 7, channels], TensorType.Int8, null, same),
                            new("row", shape, TensorType.Int8, null, code == BuiltinOperator.Maximum ? same : TfliteQuantization.PerTensor(0.004f, 11)),
                            new("output", [2, 5, 7, channels], TensorType.Int8, null, same),
                        ],
                        Operators = [new(code, [0, 1], [2], options)],
                        Inputs = [0, 1],
                        Outputs = [2],
                    };
                    using var interpreter = new Interpreter(model, new InterpreterOptions { Path = path, Threads = threads });
                    return interpreter.Run([picture, second])[0];
                }
            }
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(24)]
    [DataRow(100)]
    public void A_mean_of_many_positions_loses_nothing(int channels)
    {
        // More rows than 16 bits can add of the lowest code.
        const int Height = 31;
        const int Width = 29;
        var random = new Random(channels);
        var picture = new byte[2 * Height * Width * channels];
        random.NextBytes(picture);
        Array.Fill(picture, (byte)0x80, 0, picture.Length / 2);
        var scale = TfliteQuantization.PerTensor(0.5f, 7);
        var model = new TfliteModel
        {
            Tensors =
            [
                new("picture", [2, Height, Width, channels], TensorType.Int8, null, scale),
                new("axes", [2], TensorType.Int32, [1, 0, 0, 0, 2, 0, 0, 0], null),
                new("output", [2, channels], TensorType.Int8, null, scale),
            ],
            Operators = [new(BuiltinOperator.Mean, [0, 1], [2], new ReducerOptions())],
            Inputs = [0],
            Outputs = [2],
        };
        var means = new Interpreter(model).Run([picture])[0];
        for (var i = 0; i < means.Length; i++)
        {
            // The multiplier rounds twice, the first time to some 1/512.
            var (batch, channel) = Math.DivRem(i, channels);
            var exact = Enumerable.Range(0, Height * Width).Average(position => (sbyte)picture[(((batch * Height * Width) + position) * channels) + channel]);
            Assert.AreEqual(exact, (sbyte)means[i], 0.505, $"channel {i}");
        }
    }
}

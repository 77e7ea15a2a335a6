namespace Sscma.Tflite.Tests;

/// <summary>The order that kernels with vectors give to weights must not multiply the memory that a small file asks for.</summary>
[TestClass]
public sealed class PackedWeightsTests
{
    [TestMethod]
    [DataRow(TensorType.Int8)]
    [DataRow(TensorType.Float32)]
    public void A_single_channel_of_wide_windows_takes_no_hundredfold_memory(TensorType type)
    {
        // Dilated taps stand alone, so each would get a whole panel of lanes: 128 bytes for a code.
        const int Taps = 513;
        const int Side = (2 * (Taps - 1)) + 1;
        var random = new Random(7);
        var quantization = type == TensorType.Int8 ? TfliteQuantization.PerTensor(0.01f, 0) : null;
        var weights = new byte[Taps * Taps * type.Size()];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = type == TensorType.Int8 ? (byte)random.Next(256) : (byte)0;
        var model = new TfliteModel
        {
            Tensors =
            [
                new("input", [1, Side, Side, 1], type, null, quantization),
                new("weights", [1, Taps, Taps, 1], type, weights, quantization),
                new("output", [1, 1, 1, 1], type, null, type == TensorType.Int8 ? TfliteQuantization.PerTensor(10, 0) : null),
            ],
            Operators = [new(BuiltinOperator.Conv2D, [0, 1], [2], new ConvOptions(Padding.Valid, 1, 1, DilationWidth: 2, DilationHeight: 2))],
            Inputs = [0],
            Outputs = [2],
        };
        var input = new byte[Side * Side * type.Size()];
        if (type == TensorType.Int8)
            random.NextBytes(input);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var interpreter = new Interpreter(model);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.IsLessThan(20L << 20, allocated);
        var plain = new Interpreter(model, new InterpreterOptions { Path = Interpretation.Vectors.KernelPath.Plain });
        CollectionAssert.AreEqual(plain.Run([input])[0], interpreter.Run([input])[0]);
    }
}

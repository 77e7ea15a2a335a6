using System.Runtime.InteropServices;
using Sscma.Diagnostics;
using Sscma.TestSupport;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Tests;

/// <summary>Operators on int16 codes beside the real TensorFlow Lite 2.9, with random models.</summary>
[TestClass]
public sealed class Int16Tests
{
    // What differs from TensorFlow Lite Micro, in codes: its optimized kernels compute sigmoids otherwise where the input's steps are a power of two, its
    // softmax has tables computed in double, its mean, difference and product round halves otherwise, and so does its quantization of floats.
    // All else is equal.
    private static readonly Dictionary<BuiltinOperator, int> Bounds = new()
    {
        [BuiltinOperator.Logistic] = 8,
        [BuiltinOperator.Tanh] = 12,
        [BuiltinOperator.Softmax] = 1,
        [BuiltinOperator.Mean] = 1,
        [BuiltinOperator.Sub] = 1,
        [BuiltinOperator.Mul] = 1,
    };

    // It has no sum of int16 codes, none from int8 to int16, and demands biases of 64 bits.
    private static readonly string[] NotThere = ["sum_", "quantize_8_16_", "conv_sums_of_32_bits", "fully_connected_sums_of_32_bits"];

    [TestMethod]
    public void Random_models_have_the_results_of_TensorFlow_Lite()
    {
        var compared = 0;
        foreach (var (name, model, inputs) in new[] { 100, 200, 300 }.SelectMany(Int16Models.Of).Where(entry => !NotThere.Any(entry.Name.StartsWith)))
        {
            using var library = new TensorFlowLite(TfliteFile.Write(model));
            var (expected, actual) = (library.Run(inputs), new Interpreter(model).Run(inputs));
            for (var k = 0; k < expected.Length; k++)
            {
                var bound = model.Inputs.Any(input => model.Tensors[input].Type == TensorType.Float32) ? 1 : Bounds.GetValueOrDefault(model.Operators[0].Code);
                if (bound == 0)
                    Compare.Exactly(expected[k], actual[k], $"{name} output {k}");
                else
                    Assert.IsLessThanOrEqualTo(bound, WorstDifference(expected[k], actual[k]), name);
                compared++;
            }
        }

        Assert.IsGreaterThan(250, compared);
    }

    [TestMethod]
    public void Every_path_and_number_of_threads_gives_the_bytes_of_the_plain_kernels()
    {
        foreach (var (name, model, inputs) in new[] { 400, 500 }.SelectMany(Int16Models.Of))
        {
            var expected = new Interpreter(model, new InterpreterOptions { Path = KernelPath.Plain }).Run(inputs)[0];
            foreach (var path in KernelPaths.Supported)
            {
                using var interpreter = new Interpreter(model, new InterpreterOptions { Path = path, Threads = 2 });
                Compare.Exactly(expected, interpreter.Run(inputs)[0], $"{name}, {path}");
            }
        }
    }

    [TestMethod]
    public void Codes_of_16_bits_have_no_zero_point()
    {
        var model = Int16Models.Of(1).First(entry => entry.Name == "mul_same").Model;
        var tensors = model.Tensors.ToArray();
        tensors[0] = tensors[0] with { Quantization = TfliteQuantization.PerTensor(1, 3) };

        var problem = Assert.ThrowsExactly<DiagnosticException>(() => new Interpreter(model with { Tensors = tensors }));

        Assert.AreEqual(Codes.TfliteModelInconsistent, problem.Diagnostic.Code);
        StringAssert.Contains(problem.Message, "zero point 3");
    }

    [TestMethod]
    public void A_factor_that_64_bits_may_not_hold_is_an_error()
    {
        var model = Int16Models.Of(1).First(entry => entry.Name == "conv_0").Model;
        var tensors = model.Tensors.ToArray();
        tensors[1] = tensors[1] with { Quantization = TfliteQuantization.PerTensor(200 * tensors[3].Quantization!.Scales[0] / tensors[0].Quantization!.Scales[0], 0) };

        var problem = Assert.ThrowsExactly<DiagnosticException>(() => new Interpreter(model with { Tensors = tensors }));

        Assert.AreEqual(Codes.TfliteModelInconsistent, problem.Diagnostic.Code);
        StringAssert.Contains(problem.Message, "operator 0 (Conv2D)");
    }

    [TestMethod]
    public void An_operator_that_no_runtime_has_for_16_bits_is_named()
    {
        var model = Int16Models.Of(1).First(entry => entry.Name == "relu_0").Model;
        model = model with { Operators = [model.Operators[0] with { Code = BuiltinOperator.HardSwish }] };

        var problem = Assert.ThrowsExactly<DiagnosticException>(() => new Interpreter(model));

        Assert.AreEqual(Codes.TfliteOperatorUnsupported, problem.Diagnostic.Code);
        StringAssert.Contains(problem.Message, "operator 0 (HardSwish) of Int16");
    }

    private static int WorstDifference(byte[] expected, byte[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        var (wanted, found) = (MemoryMarshal.Cast<byte, short>(expected).ToArray(), MemoryMarshal.Cast<byte, short>(actual).ToArray());
        return wanted.Zip(found, (a, b) => Math.Abs(a - b)).Max();
    }
}

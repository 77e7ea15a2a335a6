using Sscma.Diagnostics;

namespace Sscma.Tflite.Tests;

[TestClass]
public sealed class InterpreterTests
{
    private static readonly TfliteQuantization Unit = TfliteQuantization.PerTensor(1, 0);

    [TestMethod]
    public void One_error_names_every_operator_that_is_not_supported()
    {
        var model = Chain(
            new TfliteOperator((BuiltinOperator)31, [0], [1]),
            new TfliteOperator(BuiltinOperator.Relu, [1], [2]),
            new TfliteOperator(BuiltinOperator.Custom, [2], [3]) { CustomName = "ethos-u" });

        var problem = Assert.ThrowsExactly<DiagnosticException>(() => new Interpreter(model));

        Assert.AreEqual(Codes.TfliteOperatorUnsupported, problem.Diagnostic.Code);
        StringAssert.Contains(problem.Message, "operator 0 (builtin code 31)");
        StringAssert.Contains(problem.Message, "operator 2 (custom 'ethos-u')");
        Assert.DoesNotContain("operator 1", problem.Message);
    }

    [TestMethod]
    public void A_tensor_that_is_read_before_it_is_made_is_an_error()
    {
        var model = Chain(new TfliteOperator(BuiltinOperator.Relu, [1], [2]), new TfliteOperator(BuiltinOperator.Relu, [0], [1]));

        var problem = Assert.ThrowsExactly<DiagnosticException>(() => new Interpreter(model));

        Assert.AreEqual(Codes.TfliteModelInconsistent, problem.Diagnostic.Code);
        StringAssert.Contains(problem.Message, "'t1'");
        StringAssert.Contains(problem.Message, "operator 0");
    }

    [TestMethod]
    public void Shapes_that_do_not_fit_are_an_error_that_names_the_operator()
    {
        var chain = Chain(new TfliteOperator(BuiltinOperator.Relu, [0], [1]));
        var model = chain with { Tensors = [chain.Tensors[0], chain.Tensors[1] with { Shape = [3] }] };

        var problem = Assert.ThrowsExactly<DiagnosticException>(() => new Interpreter(model));

        StringAssert.Contains(problem.Message, "operator 0 (Relu)");
        StringAssert.Contains(problem.Message, "expected [4]");
    }

    [TestMethod]
    public void Inputs_of_another_size_are_refused()
    {
        var interpreter = new Interpreter(Chain(new TfliteOperator(BuiltinOperator.Relu, [0], [1])));

        Assert.ThrowsExactly<ArgumentException>(() => interpreter.Run([new byte[5]]));
        Assert.ThrowsExactly<ArgumentException>(() => interpreter.Run([]));
    }

    [TestMethod]
    public void Every_tensor_can_be_looked_at_after_a_run()
    {
        var interpreter = new Interpreter(Chain(new TfliteOperator(BuiltinOperator.Relu, [0], [1]), new TfliteOperator(BuiltinOperator.Relu6, [1], [2])), new InterpreterOptions { KeepTensors = true });

        var outputs = interpreter.Run([[0xFE, 0, 5, 100]]);

        CollectionAssert.AreEqual(new byte[] { 0, 0, 5, 100 }, interpreter.Tensor(1).ToArray());
        CollectionAssert.AreEqual(new byte[] { 0, 0, 5, 6 }, outputs[0]);
    }

    // int8 tensors t0, t1, … of 4 elements; t0 is fed, the last is asked for.
    private static TfliteModel Chain(params TfliteOperator[] operators) => new()
    {
        Tensors = [.. Enumerable.Range(0, operators.Length + 1).Select(i => new TfliteTensor($"t{i}", [4], TensorType.Int8, null, Unit))],
        Operators = operators,
        Inputs = [0],
        Outputs = [operators.Length],
    };
}

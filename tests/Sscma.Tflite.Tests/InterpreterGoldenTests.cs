using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Tests;

[TestClass]
[TestCategory("GoldensTflite")]
public sealed class InterpreterGoldenTests
{
    public static IEnumerable<object[]> Names => GoldenCase.Names;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Outputs_equal_TensorFlow_Lite_Micro(string name) => Check(GoldenCase.Of(name), new Interpreter(GoldenCase.Of(name).Model()));

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Plain_kernels_and_those_of_every_instruction_set_give_the_same(string name)
    {
        var golden = GoldenCase.Of(name);
        foreach (var path in KernelPaths.Supported.Append(KernelPath.Plain))
            Check(golden, new Interpreter(golden.Model(), new InterpreterOptions { Path = path }));
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Three_threads_give_the_same(string name)
    {
        var golden = GoldenCase.Of(name);
        using var interpreter = new Interpreter(golden.Model(), new InterpreterOptions { Threads = 3 });
        Check(golden, interpreter);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_run_allocates_nothing(string name)
    {
        var golden = GoldenCase.Of(name);
        var interpreter = new Interpreter(golden.Model());
        interpreter.Run();
        interpreter.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        interpreter.Run();
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_model_that_was_read_and_written_again_gives_the_same(string name)
    {
        var golden = GoldenCase.Of(name);
        var written = TfliteFile.Write(golden.Model());

        CollectionAssert.AreEqual(written, TfliteFile.Write(TfliteFile.Read(written)));
        Check(golden, new Interpreter(TfliteFile.Read(written)));
    }

    private static void Check(GoldenCase golden, Interpreter interpreter)
    {
        var tensors = golden.Tensors();
        var inputs = GoldenCase.Series(tensors, "input");
        var expected = GoldenCase.Series(tensors, golden.Expected);
        Assert.IsNotEmpty(expected);

        // Twice: a run must not leave anything behind that changes the next one.
        interpreter.Run(inputs);
        var actual = interpreter.Run(inputs);

        Assert.HasCount(expected.Length, actual);
        for (var k = 0; k < expected.Length; k++)
        {
            if (golden.IsFloat)
                Compare.Floats(expected[k], actual[k], 1e-5, $"{golden.Name} output {k}");
            else
                Compare.Exactly(expected[k], actual[k], $"{golden.Name} output {k}");
        }
    }
}

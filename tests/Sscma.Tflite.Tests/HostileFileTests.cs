using Sscma.Diagnostics;
using Sscma.TestSupport;

namespace Sscma.Tflite.Tests;

/// <summary>Whatever the bytes are, reading and preparing them ends soon, in success or in one coded error.</summary>
[TestClass]
public sealed class HostileFileTests
{
    private static byte[] Sound => File.ReadAllBytes(TestPaths.Data("tflite", "cases", "graph_channel_attention.tflite"));

    [TestMethod]
    public void Every_truncation_is_a_coded_error_or_a_sound_model()
    {
        var sound = Sound;
        var accepted = 0;
        for (var length = 0; length < sound.Length; length++)
            accepted += IsAccepted(sound.AsSpan(0, length).ToArray()) ? 1 : 0;

        // Only a cut through bytes that nothing refers to can go unnoticed.
        Assert.IsLessThan(16, accepted);
        Assert.IsTrue(IsAccepted(sound));
    }

    [TestMethod]
    public void Changes_among_the_structures_are_a_coded_error_or_a_model_that_runs()
    {
        // Small detectors are mostly structure; extreme numbers find what random ones miss.
        byte[] extremes = [0, 1, 2, 0x7F, 0x80, 0xFF];
        foreach (var name in new[] { "ss_masks", "pad_hw", "split_c2", "conv_dil2_same", "dw_mult2", "avgpool_3x3_same", "mean_hw_nokeep", "softmax_10", "rbl_2x", "rnn_2x_half", "concat_c2" })
        {
            var sound = File.ReadAllBytes(TestPaths.Data("tflite", "cases", $"{name}.tflite"));
            for (var at = 0; at < sound.Length; at++)
            {
                foreach (var extreme in extremes)
                {
                    var bytes = (byte[])sound.Clone();
                    bytes[at] = extreme;
                    IsAccepted(bytes);
                }
            }
        }
    }

    [TestMethod]
    public void What_is_no_TFLite_file_is_said_so()
    {
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => TfliteFile.Read("{ \"json\": true }"u8.ToArray()));
        Assert.AreEqual(Codes.TfliteFileInvalid, problem.Diagnostic.Code);
        StringAssert.Contains(problem.Message, "no .tflite file");
    }

    [TestMethod]
    public void A_model_that_asks_for_a_giant_tensor_is_refused()
    {
        var model = new TfliteModel
        {
            Tensors = [new("in", [1, 40000, 40000, 3], TensorType.Int8), new("out", [1, 40000, 40000, 3], TensorType.Int8)],
            Operators = [new(BuiltinOperator.Reshape, [0], [1])],
            Inputs = [0],
            Outputs = [1],
        };

        var problem = Assert.ThrowsExactly<DiagnosticException>(() => new Interpreter(model));

        Assert.AreEqual(Codes.TfliteModelInconsistent, problem.Diagnostic.Code);
    }

    [TestMethod]
    public void A_reduction_of_millions_of_rows_is_refused_before_it_is_tabled()
    {
        // Found by fuzzing: 7 seconds and 920 MiB.
        var model = Single(new(BuiltinOperator.Mean, [0, 1], [2], new ReducerOptions(KeepDimensions: true)), new("in", [1, 1 << 24, 3, 2], TensorType.Int8), Int32s(1, 2), new("out", [1, 1, 1, 2], TensorType.Int8));

        Refused(() => new Interpreter(model), "rows", mebibytes: 100);
    }

    [TestMethod]
    public void An_operand_repeated_millions_of_times_is_refused_before_it_is_tabled()
    {
        var model = Single(new(BuiltinOperator.Add, [0, 1], [2], new AddOptions()), new("in", [1 << 25, 1], TensorType.Float32), new("row", [2], TensorType.Float32, new byte[8]), new("out", [1 << 25, 2], TensorType.Float32));

        Refused(() => new Interpreter(model), "rows", mebibytes: 400);
    }

    [TestMethod]
    public void What_the_reference_needs_beside_the_tensors_takes_no_memory_here()
    {
        // Found by fuzzing: the plan has 32-bit sums for the output, so the arena was five times as large as the tensors.
        var model = Single(new(BuiltinOperator.Mean, [0, 1], [2], new ReducerOptions()), new("in", [1, 2], TensorType.Int8), Int32s(1), new("out", [1, 1 << 25], TensorType.Int8));

        Refused(() => new Interpreter(model), "expected [1]", mebibytes: 40);
    }

    [TestMethod]
    public void Operators_on_the_same_large_tensor_do_not_multiply_memory()
    {
        const int Columns = 1 << 22;
        var made = Enumerable.Range(1, 40).ToArray();
        var model = new TfliteModel
        {
            Tensors =
            [
                new("in", [2, Columns], TensorType.Int8, null, TfliteQuantization.PerTensor(1, 0)),
                .. made.Select(i => new TfliteTensor($"out{i}", [Columns], TensorType.Int8, null, TfliteQuantization.PerTensor(1, 0))),
                Int32s(0),
            ],
            Operators = [.. made.Select(i => new TfliteOperator(BuiltinOperator.Mean, [0, 41], [i], new ReducerOptions()))],
            Inputs = [0],
            Outputs = made,
        };

        Refused(() => new Interpreter(model), "too much memory", mebibytes: 600);
    }

    [TestMethod]
    public void A_plan_that_is_too_large_is_a_coded_error()
    {
        var large = Single(new(BuiltinOperator.Mean, [0, 1], [2], new ReducerOptions()), new("in", [1, int.MaxValue], TensorType.Int8), Int32s(1), new("out", [int.MaxValue], TensorType.Int8));
        var channels = Single(new(BuiltinOperator.Conv2D, [], [2]), new("in", [1], TensorType.Int8), Int32s(1), new("out", [0, int.MaxValue], TensorType.Int8));
        var many = large with { Operators = [.. Enumerable.Repeat(new TfliteOperator(BuiltinOperator.Mean, [0, 1], []), 100_000)] };

        Refused(() => MemoryPlan.Of(large), "arena", mebibytes: 1);
        Refused(() => MemoryPlan.Of(channels), "arena", mebibytes: 1);
        Refused(() => MemoryPlan.Of(many), "100000 operators", mebibytes: 1);
    }

    private static TfliteModel Single(TfliteOperator node, params TfliteTensor[] tensors) => new() { Tensors = tensors, Operators = [node], Inputs = [0], Outputs = [2] };

    private static TfliteTensor Int32s(params int[] numbers) => new("numbers", [numbers.Length], TensorType.Int32, [.. numbers.SelectMany(BitConverter.GetBytes)]);

    private static void Refused(Action use, string because, int mebibytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        var problem = Assert.ThrowsExactly<DiagnosticException>(use);

        Assert.AreEqual(Codes.TfliteModelInconsistent, problem.Diagnostic.Code);
        StringAssert.Contains(problem.Message, because);
        Assert.IsLessThan((long)mebibytes << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // Any other exception fails the test.
    private static bool IsAccepted(byte[] bytes)
    {
        try
        {
            var model = TfliteFile.Read(bytes);
            if (model.Tensors.Sum(tensor => (decimal)tensor.Count) > 1 << 24)
                return true;
            var interpreter = new Interpreter(model);
            interpreter.Run([.. model.Inputs.Select(input => new byte[model.Tensors[input].Count * model.Tensors[input].Type.Size()])]);
            return true;
        }
        catch (DiagnosticException problem)
        {
            StringAssert.StartsWith(problem.Diagnostic.Code, "SSCMA31");
            return false;
        }
    }
}

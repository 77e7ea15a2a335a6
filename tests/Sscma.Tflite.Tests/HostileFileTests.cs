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
    public void Random_changes_are_a_coded_error_or_a_model_that_runs()
    {
        var sound = Sound;
        var random = new Random(20261123);
        var refused = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])sound.Clone();
            for (var change = random.Next(1, 5); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            refused += IsAccepted(bytes) ? 0 : 1;
        }

        Assert.IsGreaterThan(1000, refused);
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

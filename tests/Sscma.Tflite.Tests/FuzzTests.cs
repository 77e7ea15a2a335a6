using System.Runtime.InteropServices;
using Sscma.Diagnostics;
using Sscma.TestSupport;
using Sscma.Tflite.Detection;

namespace Sscma.Tflite.Tests;

/// <summary>Damaged TFLite files; <see cref="Fuzz"/> tells how many. They go the way of a user's file: read, prepared, run once, decoded.</summary>
[TestClass]
public sealed class FuzzTests
{
    private const int MostElements = 1 << 21;

    [TestMethod]
    [Timeout(600_000, CooperativeCancellation = true)]
    public void Mutated_TFLite_files_run_or_are_coded_errors() =>
        Fuzz.Run([.. Seeds()], Mutations.Any, bytes => IsCodedOrDone(() => Run(TfliteFile.Read(bytes), threads: 1 + (bytes.Length % 2))));

    [TestMethod]
    [Timeout(600_000, CooperativeCancellation = true)]
    public void Mutated_detectors_detect_or_are_coded_errors() =>
        Fuzz.Run([Detector()], Mutations.Any, bytes => IsCodedOrDone(() =>
        {
            var detector = new TfliteDetector(bytes);
            MemoryPlan.Of(detector.Model);
            detector.Detect(new byte[20 * 10 * 3], 20, 10);
            if (detector.RunsOnDevice)
                detector.DetectAsDevice(new byte[20 * 10 * 3], 20, 10);
        }));

    private static void Run(TfliteModel model, int threads)
    {
        MemoryPlan.Of(model);
        using var interpreter = new Interpreter(model, new InterpreterOptions { Threads = threads });

        // A sound model may ask for any amount of work; how long that takes says nothing about this library.
        if (model.Tensors.Sum(tensor => (decimal)tensor.Count) > MostElements)
            return;
        for (var i = 0; i < model.Inputs.Length; i++)
            interpreter.Input(i).Fill((byte)(37 * (i + 1)));
        interpreter.Run();
        for (var i = 0; i < model.Outputs.Length; i++)
            Assert.AreEqual(model.Tensors[model.Outputs[i]].Count * model.Tensors[model.Outputs[i]].Type.Size(), interpreter.Output(i).Length);
    }

    private static bool IsCodedOrDone(Action use)
    {
        try
        {
            use();
            return true;
        }
        catch (DiagnosticException problem) when (problem.Diagnostic.Code.StartsWith("SSCMA31", StringComparison.Ordinal))
        {
            return false;
        }
    }

    // Every operator on every type; the cases are small, so that much of them is structure.
    private static IEnumerable<byte[]> Seeds() =>
    [
        .. GoldenCase.All.Where(golden => new FileInfo(golden.ModelPath).Length < 1 << 15).Select(golden => golden.ModelBytes()),
        .. Int16Models.Of(1).Select(model => TfliteFile.Write(model.Model)).Where(bytes => bytes.Length < 1 << 15),
        TfliteFile.Write(Halves()),
    ];

    private static TfliteModel Halves() => new()
    {
        Tensors =
        [
            new("input", [1, 6, 5, 2], TensorType.Float32),
            new("halves", [3, 1, 1, 2], TensorType.Float16, MemoryMarshal.AsBytes<Half>(Enumerable.Range(0, 6).Select(i => (Half)i).ToArray()).ToArray()),
            new("weights", [3, 1, 1, 2], TensorType.Float32),
            new("bias", [3], TensorType.Float32, new byte[12]),
            new("output", [1, 6, 5, 3], TensorType.Float32),
        ],
        Operators = [new(BuiltinOperator.Dequantize, [1], [2]), new(BuiltinOperator.Conv2D, [0, 2, 3], [4], new ConvOptions(Padding.Same, 1, 1))],
        Inputs = [0],
        Outputs = [4],
    };

    private static byte[] Detector()
    {
        var model = GoldenCase.Of("graph_rtmdet_mini_64_c3").Model();
        return TfliteFile.Write(new SscmaMetadata { Labels = ["a", "b", "c"], ImageSize = 64, Classes = 3, Precision = "int8" }.WriteTo(model));
    }
}

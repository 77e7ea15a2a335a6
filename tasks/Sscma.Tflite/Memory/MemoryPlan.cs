using Sscma.Diagnostics;

namespace Sscma.Tflite;

/// <summary>
/// How much memory TensorFlow Lite Micro needs to run a model: one arena, whose head holds activations that come and go,
/// whose tail holds what the runtime keeps. Source: TFLM's greedy memory planner (state of August 2026).
/// </summary>
/// <param name="PlannedBytes">The arena's head, exact.</param>
/// <param name="PersistentBytes">The arena's tail, estimated.</param>
public sealed record MemoryPlan(int PlannedBytes, int PersistentBytes)
{
    /// <summary>Pointer size of the microcontrollers that run these models.</summary>
    public const int McuPointerBytes = 4;

    private const int Alignment = 16;
    private const long MostBytes = 1L << 30;
    private const int ArenaStep = 1024;

    /// <summary>Arena to reserve: both parts, a margin of an eighth of the estimated one and 1 KiB, rounded up to 1 KiB.</summary>
    public int ArenaBytes => (PlannedBytes + PersistentBytes + (PersistentBytes / 8) + ArenaStep + ArenaStep - 1) / ArenaStep * ArenaStep;

    /// <summary>Plans a model.</summary>
    /// <param name="model">What will run.</param>
    /// <param name="pointerBytes">4 for a microcontroller, 8 for a desktop build of TFLM.</param>
    /// <exception cref="DiagnosticException">The model is larger than any plan: 4096 operators or tensors, 1 GiB.</exception>
    public static MemoryPlan Of(TfliteModel model, int pointerBytes = McuPointerBytes)
    {
        var (head, tail) = (ArenaHead.PlannedBytes(model), PersistentMemory.Estimate(model, pointerBytes));
        return head + tail <= MostBytes ? new MemoryPlan((int)head, (int)tail) : throw TooLarge($"needs an arena of {head + tail} bytes, the limit is {MostBytes}");
    }

    internal static DiagnosticException TooLarge(string what) => new(Codes.TfliteModelInconsistent, $"the .tflite file {what}. Export a smaller model.");

    /// <summary>A size as the arena hands it out.</summary>
    internal static long Align(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}

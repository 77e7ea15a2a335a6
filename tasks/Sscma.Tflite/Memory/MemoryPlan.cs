namespace Sscma.Tflite;

/// <summary>How much memory TensorFlow Lite Micro needs to run a model.</summary>
/// <param name="PlannedBytes">The plan of activations and scratch buffers (the arena's head), exact.</param>
/// <param name="PersistentBytes">What the runtime keeps besides (the arena's tail), estimated for a 32-bit target.</param>
public sealed record MemoryPlan(int PlannedBytes, int PersistentBytes)
{
    /// <summary>Arena to reserve on a 32-bit target: both parts, a margin, rounded up to 1024.</summary>
    public int ArenaBytes => throw new NotSupportedException("lands next");

    /// <summary>Plans a model.</summary>
    public static MemoryPlan Of(TfliteModel model) => throw new NotSupportedException("lands next");
}

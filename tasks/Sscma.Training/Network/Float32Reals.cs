using System.Numerics;

namespace Sscma.Training.Network;

/// <summary>Four bytes a number.</summary>
internal unsafe struct Float32Reals : IReals
{
    /// <inheritdoc/>
    public static (Vector<float> First, Vector<float> Second) Load(void* memory, long index) =>
        (Vector.Load((float*)memory + index), Vector.Load((float*)memory + index + Vector<float>.Count));

    /// <inheritdoc/>
    public static void Store(void* memory, long index, Vector<float> first, Vector<float> second)
    {
        first.Store((float*)memory + index);
        second.Store((float*)memory + index + Vector<float>.Count);
    }

    /// <inheritdoc/>
    public static float Get(void* memory, long index) => ((float*)memory)[index];

    /// <inheritdoc/>
    public static void Set(void* memory, long index, float value) => ((float*)memory)[index] = value;
}

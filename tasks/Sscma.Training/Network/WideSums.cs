using System.Numerics;

namespace Sscma.Training.Network;

/// <summary>Sums in float64 of what was summed up in float32 for a while.</summary>
internal static unsafe class WideSums
{
    /// <summary>Adds a vector to as many sums.</summary>
    public static void Add(double* sums, Vector<float> more)
    {
        Vector.Widen(more, out var low, out var high);
        (Vector.Load(sums) + low).Store(sums);
        (Vector.Load(sums + Vector<double>.Count) + high).Store(sums + Vector<double>.Count);
    }

    /// <summary>Adds numbers to as many sums.</summary>
    public static void Add(double[] sums, float[] more)
    {
        var i = 0;
        fixed (double* sum = sums)
        fixed (float* number = more)
        {
            for (; i <= more.Length - Vector<float>.Count; i += Vector<float>.Count)
                Add(sum + i, Vector.Load(number + i));
        }

        for (; i < more.Length; i++)
            sums[i] += more[i];
    }
}

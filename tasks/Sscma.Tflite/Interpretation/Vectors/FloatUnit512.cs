using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>float32, 16 lanes; products are added without a rounding of their own where the machine can.</summary>
internal readonly unsafe struct FloatUnit512 : IDotUnit<Vector512<float>>, ILaneUnit<Vector512<float>>
{
    public static bool IsSupported => true;

    public static int Lanes => 16;

    public static int Depth => 1;

    public static int Offset => 0;

    public static int ValueBytes => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(int* from) => Vector512.Load((float*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> vector, int* to) => vector.Store((float*)to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Repeat(int* values) => Vector512.Create(*(float*)values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadValues(byte* from) => Vector512.Load((float*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> sums, Vector512<float> weights, Vector512<float> values) => Vector512.MultiplyAddEstimate(weights, values, sums);
}

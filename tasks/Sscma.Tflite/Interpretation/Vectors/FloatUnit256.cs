using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>float32, 8 lanes; products are added without a rounding of their own where the machine can.</summary>
internal readonly unsafe struct FloatUnit256 : IDotUnit<Vector256<float>>, ILaneUnit<Vector256<float>>
{
    public static bool IsSupported => true;

    public static int Lanes => 8;

    public static int Depth => 1;

    public static int Offset => 0;

    public static int ValueBytes => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(int* from) => Vector256.Load((float*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> vector, int* to) => vector.Store((float*)to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Repeat(int* values) => Vector256.Create(*(float*)values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadValues(byte* from) => Vector256.Load((float*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> sums, Vector256<float> weights, Vector256<float> values) => Vector256.MultiplyAddEstimate(weights, values, sums);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>float32, 4 lanes; products are added without a rounding of their own where the machine can.</summary>
internal readonly unsafe struct FloatUnit128 : IDotUnit<Vector128<float>>, ILaneUnit<Vector128<float>>
{
    public static bool IsSupported => true;

    public static int Lanes => 4;

    public static int Depth => 1;

    public static int Offset => 0;

    public static int ValueBytes => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(int* from) => Vector128.Load((float*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> vector, int* to) => vector.Store((float*)to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Repeat(int* values) => Vector128.Create(*(float*)values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadValues(byte* from) => Vector128.Load((float*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> sums, Vector128<float> weights, Vector128<float> values) => Vector128.MultiplyAddEstimate(weights, values, sums);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>AVX-VNNI: two products of 16 bits a lane.</summary>
internal readonly unsafe struct AvxVnniPairUnit : IDotUnit<Vector256<int>>
{
    public static bool IsSupported => AvxVnni.IsSupported;

    public static int Lanes => 8;

    public static int Depth => 2;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(int* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> vector, int* to) => vector.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Repeat(int* values) => Avx2.BroadcastScalarToVector256(values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<int> weights, Vector256<int> values) => AvxVnni.MultiplyWideningAndAdd(sums, values.AsInt16(), weights.AsInt16());
}

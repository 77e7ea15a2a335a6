using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>AVX-512: two products of 16 bits a lane.</summary>
internal readonly unsafe struct Avx512Unit : IDotUnit<Vector512<int>>
{
    public static bool IsSupported => Avx512BW.IsSupported;

    public static int Lanes => 16;

    public static int Depth => 2;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(int* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> vector, int* to) => vector.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Repeat(int* values) => Vector512.Create(*values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> sums, Vector512<int> weights, Vector512<int> values) => sums + Avx512BW.MultiplyAddAdjacent(weights.AsInt16(), values.AsInt16());
}

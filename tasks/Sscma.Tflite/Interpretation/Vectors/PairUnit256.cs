using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>Any machine: two products of 16 bits a lane, 8 lanes.</summary>
internal readonly unsafe struct PairUnit256 : IDotUnit<Vector256<int>>
{
    public static bool IsSupported => true;

    public static int Lanes => 8;

    public static int Depth => 2;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(int* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> vector, int* to) => vector.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Repeat(int* values) => Vector256.Create(*values);

    // The upper halves keep their sign when shifted down, the lower ones get theirs from being shifted up first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<int> weights, Vector256<int> values) =>
        sums + (((weights << 16) >> 16) * ((values << 16) >> 16)) + ((weights >> 16) * (values >> 16));
}

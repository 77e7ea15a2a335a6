using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>Any machine: two products of 16 bits a lane, 16 lanes.</summary>
internal readonly unsafe struct PairUnit512 : IDotUnit<Vector512<int>>
{
    public static bool IsSupported => true;

    public static int Lanes => 16;

    public static int Depth => 2;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(int* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> vector, int* to) => vector.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Repeat(int* values) => Vector512.Create(*values);

    // The upper halves keep their sign when shifted down, the lower ones get theirs from being shifted up first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> sums, Vector512<int> weights, Vector512<int> values) =>
        sums + (((weights << 16) >> 16) * ((values << 16) >> 16)) + ((weights >> 16) * (values >> 16));
}

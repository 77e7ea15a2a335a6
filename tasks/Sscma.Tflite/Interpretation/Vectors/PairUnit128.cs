using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>Any machine: two products of 16 bits a lane, 4 lanes.</summary>
internal readonly unsafe struct PairUnit128 : IDotUnit<Vector128<int>>
{
    public static bool IsSupported => true;

    public static int Lanes => 4;

    public static int Depth => 2;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(int* from) => Vector128.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> vector, int* to) => vector.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Repeat(int* values) => Vector128.Create(*values);

    // The upper halves keep their sign when shifted down, the lower ones get theirs from being shifted up first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sums, Vector128<int> weights, Vector128<int> values) =>
        sums + (((weights << 16) >> 16) * ((values << 16) >> 16)) + ((weights >> 16) * (values >> 16));
}

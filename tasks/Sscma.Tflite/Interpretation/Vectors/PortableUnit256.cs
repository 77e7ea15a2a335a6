using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>Any machine: one product of 32 bits a lane, 8 lanes.</summary>
internal readonly unsafe struct PortableUnit256 : IDotUnit<Vector256<int>>
{
    public static bool IsSupported => true;

    public static int Lanes => 8;

    public static int Depth => 1;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(int* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> vector, int* to) => vector.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Repeat(int* values) => Vector256.Create(*values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<int> weights, Vector256<int> values) => sums + (weights * values);
}

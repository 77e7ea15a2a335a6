using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>int16 values times weights in 32 bits, 4 lanes.</summary>
internal readonly unsafe struct Int16LaneUnit128 : ILaneUnit<Vector128<int>>
{
    public static int Lanes => 4;

    public static int ValueBytes => sizeof(short);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(int* from) => Vector128.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> vector, int* to) => vector.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadValues(byte* from) => Vector128.WidenLower(Vector64.Load((short*)from).ToVector128Unsafe());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sums, Vector128<int> weights, Vector128<int> values) => sums + (weights * values);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>int16 values times weights in 32 bits, 16 lanes.</summary>
internal readonly unsafe struct Int16LaneUnit512 : ILaneUnit<Vector512<int>>
{
    public static int Lanes => 16;

    public static int ValueBytes => sizeof(short);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(int* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> vector, int* to) => vector.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadValues(byte* from) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector512Int32(Vector256.Load((short*)from))
        : Vector512.Create(Vector256.WidenLower(Vector256.Load((short*)from)), Vector256.WidenUpper(Vector256.Load((short*)from)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> sums, Vector512<int> weights, Vector512<int> values) => sums + (weights * values);
}

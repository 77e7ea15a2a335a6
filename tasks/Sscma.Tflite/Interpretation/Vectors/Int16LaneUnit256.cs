using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>int16 values times weights in 32 bits, 8 lanes.</summary>
internal readonly unsafe struct Int16LaneUnit256 : ILaneUnit<Vector256<int>>
{
    public static int Lanes => 8;

    public static int ValueBytes => sizeof(short);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(int* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> vector, int* to) => vector.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadValues(byte* from) => Avx2.IsSupported
        ? Avx2.ConvertToVector256Int32((short*)from)
        : Vector256.Create(Vector128.WidenLower(Vector128.Load((short*)from)), Vector128.WidenUpper(Vector128.Load((short*)from)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<int> weights, Vector256<int> values) => sums + (weights * values);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>Arm's dot product: four signed bytes times four a lane.</summary>
internal readonly unsafe struct ArmDotUnit : IDotUnit<Vector128<int>>
{
    public static bool IsSupported => Dp.IsSupported;

    public static int Lanes => 4;

    public static int Depth => 4;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(int* from) => Vector128.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> vector, int* to) => vector.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Repeat(int* values) => Vector128.Create(*values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sums, Vector128<int> weights, Vector128<int> values) => Dp.DotProduct(sums, weights.AsSByte(), values.AsSByte());
}

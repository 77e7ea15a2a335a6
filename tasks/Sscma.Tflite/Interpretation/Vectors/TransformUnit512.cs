using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>Vectors of 512 bits.</summary>
internal readonly unsafe struct TransformUnit512 : ITransformUnit<Vector512<short>, Vector512<int>>
{
    public static int Values => Vector512<short>.Count;

    public static int Sums => Vector512<int>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Widen(sbyte* codes) => Vector512.WidenLower(Vector256.Load(codes).ToVector512Unsafe());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Plus(Vector512<short> a, Vector512<short> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Minus(Vector512<short> a, Vector512<short> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Left(Vector512<short> a, int power) => a << power;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Plus(Vector512<int> a, Vector512<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Minus(Vector512<int> a, Vector512<int> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Left(Vector512<int> a, int power) => a << power;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Scale(Vector512<int> a, int factor, int power) => (a * factor) >> power;
}

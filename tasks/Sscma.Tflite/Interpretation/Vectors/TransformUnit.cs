using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>Vectors as long as the machine likes them best, 128 bits or more.</summary>
internal readonly unsafe struct TransformUnit : ITransformUnit<Vector<short>, Vector<int>>
{
    public static int Values => Vector<short>.Count;

    public static int Sums => Vector<int>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<short> Widen(sbyte* codes)
    {
        if (Vector<short>.Count == Vector512<short>.Count)
            return TransformUnit512.Widen(codes).AsVector();
        if (Vector<short>.Count == Vector256<short>.Count)
            return Vector256.WidenLower(Vector128.Load(codes).ToVector256Unsafe()).AsVector();
        return Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)codes).AsSByte()).AsVector();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<short> Plus(Vector<short> a, Vector<short> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<short> Minus(Vector<short> a, Vector<short> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<short> Left(Vector<short> a, int power) => a << power;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<int> Plus(Vector<int> a, Vector<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<int> Minus(Vector<int> a, Vector<int> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<int> Left(Vector<int> a, int power) => a << power;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<int> Scale(Vector<int> a, int factor, int power) => (a * factor) >> power;
}

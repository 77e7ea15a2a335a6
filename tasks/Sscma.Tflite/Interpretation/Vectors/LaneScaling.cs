using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>
/// <see cref="Multiplier.Apply"/> without its left shift, lane by lane. High product: (a * b + 2^30) >> 31 in 64 bits, even and odd lanes apart; of each
/// quotient the low 32 bits count. Right shift, half away from zero: one more where the remainder is above half, or above half + 1 below zero.
/// </summary>
internal static class LaneScaling
{
    /// <summary>x * value / 2^(31 + shift), with AVX-512.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Scale(Vector512<int> x, Vector512<int> value, Vector512<uint> shift)
    {
        var half = Vector512.Create(1L << 30);
        var even = Avx512F.Multiply(x, value) + half;
        var odd = Avx512F.Multiply((x.AsInt64() >>> 32).AsInt32(), (value.AsInt64() >>> 32).AsInt32()) + half;
        var high = Vector512.ConditionalSelect(Vector512.Create(0xFFFF_FFFFUL).AsInt32(), (even >>> 31).AsInt32(), (odd << 1).AsInt32());
        var mask = Avx512F.ShiftLeftLogicalVariable(Vector512<int>.AllBitsSet, shift);
        var remainder = Vector512.AndNot(high, mask);
        var threshold = ((~mask) >>> 1) - (high >> 31);
        return Avx512F.ShiftRightArithmeticVariable(high, shift) - Vector512.GreaterThan(remainder, threshold);
    }

    /// <summary>The same with AVX2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Scale(Vector256<int> x, Vector256<int> value, Vector256<uint> shift)
    {
        var half = Vector256.Create(1L << 30);
        var even = Avx2.Multiply(x, value) + half;
        var odd = Avx2.Multiply((x.AsInt64() >>> 32).AsInt32(), (value.AsInt64() >>> 32).AsInt32()) + half;
        var high = Avx2.Blend((even >>> 31).AsInt32(), (odd << 1).AsInt32(), 0b1010_1010);
        var mask = Avx2.ShiftLeftLogicalVariable(Vector256<int>.AllBitsSet, shift);
        var remainder = Vector256.AndNot(high, mask);
        var threshold = ((~mask) >>> 1) - (high >> 31);
        return Avx2.ShiftRightArithmeticVariable(high, shift) - Vector256.GreaterThan(remainder, threshold);
    }

    /// <summary>The same on any machine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Scale(Vector128<int> x, Vector128<int> value, Vector128<int> shift)
    {
        if (AdvSimd.IsSupported)
        {
            // Arm's instruction is the high product itself; shifting left by a negative number shifts right.
            var product = AdvSimd.MultiplyRoundedDoublingSaturateHigh(x, value);
            var bits = AdvSimd.ShiftLogical(Vector128<int>.AllBitsSet, shift);
            var limit = ((~bits) >>> 1) - (product >> 31);
            return AdvSimd.ShiftArithmetic(product, -shift) - Vector128.GreaterThan(Vector128.AndNot(product, bits), limit);
        }

        var result = default(Vector128<int>);
        for (var lane = 0; lane < 4; lane++)
            result = result.WithElement(lane, FixedPoint.DivideByPowerOfTwo(FixedPoint.MultiplyHigh(x[lane], value[lane]), shift[lane]));
        return result;
    }
}

namespace Sscma.Tflite.Interpretation;

/// <summary>
/// The rounding primitives of the integer kernels. Source: TensorFlow Lite Micro, reference kernels with double rounding
/// (state of August 2026), and the gemmlowp fixed-point functions that they use.
/// </summary>
internal static class FixedPoint
{
    /// <summary>
    /// a * b / 2^31, rounded to nearest (half goes up). |a * b| ≤ 2^62, so the sum fits 64 bits; the result fits 32 bits except for
    /// a = b = -2^31, which saturates.
    /// </summary>
    public static int MultiplyHigh(int a, int b) =>
        a == int.MinValue && b == int.MinValue ? int.MaxValue : (int)((((long)a * b) + (1L << 30)) >> 31);

    /// <summary>a * b / 2^15 in 16 bits, rounded like <see cref="MultiplyHigh(int, int)"/>.</summary>
    public static short MultiplyHigh(short a, short b) =>
        a == short.MinValue && b == short.MinValue ? short.MaxValue : (short)(((a * b) + (1 << 14)) >> 15);

    /// <summary>a * b / 2^15 in 16 bits, cut toward zero.</summary>
    public static short MultiplyTowardZero(short a, short b) =>
        a == short.MinValue && b == short.MinValue ? short.MaxValue : (short)(a * b / (1 << 15));

    /// <summary>x / 2^exponent, rounded to nearest, half away from zero. 0 ≤ exponent ≤ 31.</summary>
    public static int DivideByPowerOfTwo(int x, int exponent)
    {
        var mask = (int)((1L << exponent) - 1);
        var remainder = x & mask;
        var threshold = (mask >> 1) + (x < 0 ? 1 : 0);
        return (x >> exponent) + (remainder > threshold ? 1 : 0);
    }

    /// <summary>x * 2^exponent, saturating. 0 ≤ exponent ≤ 31.</summary>
    public static int SaturatingShiftLeft(int x, int exponent) => (int)Math.Clamp((long)x << exponent, int.MinValue, int.MaxValue);

    /// <summary>Nearest integer, half away from zero.</summary>
    public static int Round(float x) => (int)MathF.Round(x, MidpointRounding.AwayFromZero);

    /// <summary>e^a for a ≤ 0.</summary>
    /// <param name="a">Fixed point with <paramref name="integerBits"/> bits before the point.</param>
    /// <param name="integerBits">At most 5, for which every a &gt; -32 is representable.</param>
    /// <returns>Q0.31.</returns>
    public static int ExpOfNegative(int a, int integerBits)
    {
        if (a == 0)
            return int.MaxValue;
        var fractionBits = 31 - integerBits;
        var quarter = 1 << (fractionBits - 2);
        var belowQuarter = (a & (quarter - 1)) - quarter; // in [-1/4, 0)
        var result = ExpOfSmallNegative(SaturatingShiftLeft(belowQuarter, integerBits));
        var remainder = belowQuarter - a; // a multiple of 1/4: one factor for each of its bits
        for (var i = 0; i < ExpFactors.Length && i - 2 < integerBits; i++)
        {
            if ((remainder & (1 << (fractionBits + i - 2))) != 0)
                result = MultiplyHigh(result, ExpFactors[i]);
        }

        return result;
    }

    /// <summary>1 / (1 + x) for x in [0, 1], Q0.31.</summary>
    public static int OneOverOnePlus(int x) => SaturatingShiftLeft(ReciprocalOfHalfSum(x), 1);

    /// <summary>(1 - x) / (1 + x) for x in [0, 1], Q0.31.</summary>
    public static int OneMinusOverOnePlus(int x) => SaturatingShiftLeft(ReciprocalOfHalfSum(x) - (1 << 29), 2);

    // e^-1/4, e^-1/2, e^-1, ... e^-16 in Q0.31.
    private static ReadOnlySpan<int> ExpFactors => [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242];

    // Taylor series of order 4 around -1/8, for a in [-1/4, 0), Q0.31.
    private static int ExpOfSmallNegative(int a)
    {
        const int ExpOfMinusEighth = 1895147668;
        const int Third = 715827883;
        var x = a + (1 << 28);
        var x2 = MultiplyHigh(x, x);
        var x3 = MultiplyHigh(x2, x);
        var x4 = MultiplyHigh(x2, x2);
        var x4By4 = DivideByPowerOfTwo(x4, 2);
        var higherTerms = DivideByPowerOfTwo(MultiplyHigh(x4By4 + x3, Third) + x2, 1); // x^4/24 + x^3/6 + x^2/2
        return ExpOfMinusEighth + MultiplyHigh(ExpOfMinusEighth, x + higherTerms);
    }

    // 1 / d for d = (1 + x) / 2 in [1/2, 1], Q2.29: three Newton steps from the line 48/17 - 32/17 d.
    private static int ReciprocalOfHalfSum(int x)
    {
        const int Q2One = 1 << 29;
        var half = (int)(((long)x + int.MaxValue + 1) / 2);
        var r = 1515870810 + MultiplyHigh(half, -1010580540);
        for (var step = 0; step < 3; step++)
        {
            var error = Q2One - MultiplyHigh(half, r);
            r += SaturatingShiftLeft(MultiplyHigh(r, error), 2);
        }

        return r;
    }
}

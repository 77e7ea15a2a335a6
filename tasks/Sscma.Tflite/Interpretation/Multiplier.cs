using System.Numerics;

namespace Sscma.Tflite.Interpretation;

/// <summary>A positive real factor as the kernels apply it: value * 2^(shift - 31).</summary>
/// <param name="Value">0, or in [2^30, 2^31).</param>
/// <param name="Shift">Power of two; positive shifts left before the product, negative right after it.</param>
internal readonly record struct Multiplier(int Value, int Shift)
{
    /// <summary>The nearest representable factor. Factors below 2^-32 become 0.</summary>
    public static Multiplier Of(double factor)
    {
        if (factor == 0)
            return default;
        var exponent = Math.ILogB(factor) + 1;
        var fraction = Math.ScaleB(factor, -exponent); // in [0.5, 1)
        var value = (long)Math.Round(fraction * (1L << 31), MidpointRounding.AwayFromZero);
        if (value == 1L << 31)
            (value, exponent) = (1L << 30, exponent + 1);
        return exponent < -31 ? default : new Multiplier((int)value, exponent);
    }

    /// <summary>A mean's factor: the division joins the multiplier; the bits that it would lose are first gained on the left, as far as the shift allows.</summary>
    public Multiplier DividedBy(int count)
    {
        var gain = Math.Min(Math.Min(BitOperations.Log2((uint)count), 32), 31 + Shift);
        return new Multiplier((int)(((long)Value << gain) / count), Shift - gain);
    }

    /// <summary>
    /// x * factor with the two roundings of the reference: the high product, then the right shift. The left shift wraps at
    /// 32 bits as the reference's does; converters choose scales for which it does not.
    /// </summary>
    public int Apply(int x) => FixedPoint.DivideByPowerOfTwo(HighProduct(x), Shift < 0 ? -Shift : 0);

    /// <summary>The same, but the right shift rounds half up: so TensorFlow Lite 2.9 does it in convolutions and matrix products.</summary>
    public int ApplyHalfUp(int x) => Shift < 0 ? (int)((HighProduct(x) + (1L << (-Shift - 1))) >> -Shift) : HighProduct(x);

    private int HighProduct(int x) => FixedPoint.MultiplyHigh(Shift <= 0 ? x : Shift > 31 ? 0 : x << Shift, Value);
}

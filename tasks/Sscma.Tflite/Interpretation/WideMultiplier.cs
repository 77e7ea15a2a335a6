namespace Sscma.Tflite.Interpretation;

/// <summary>
/// A positive real factor as the kernels apply it to 64-bit sums: value * 2^-shift, with the upper 16 bits of a <see cref="Multiplier"/>.
/// Source: TensorFlow Lite Micro, state of August 2026; TensorFlow Lite 2.9 has the same.
/// </summary>
/// <param name="Value">0, or in [2^14, 2^15).</param>
/// <param name="Shift">From 8 to 46, to the right.</param>
internal readonly record struct WideMultiplier(short Value, int Shift)
{
    /// <summary>The greatest power of two by which a factor may shift: the reference demands factors below 2^7.</summary>
    private const int GreatestShift = 7;

    /// <summary>Whether a factor is small enough.</summary>
    public static bool Fits(Multiplier multiplier) => multiplier.Shift <= GreatestShift;

    public static WideMultiplier Of(Multiplier multiplier)
    {
        // Rounded to the upper bits, of which the largest would become 2^15.
        var value = multiplier.Value < 0x7FFF_0000 ? (multiplier.Value + (1 << 15)) >> 16 : short.MaxValue;
        return new WideMultiplier((short)value, 15 - multiplier.Shift);
    }

    /// <summary>
    /// x * factor, rounded to nearest, half up. For |x| &lt; 2^47 the product fits 64 bits; the reference keeps 32 bits of the result.
    /// </summary>
    public int Apply(long x) => (int)(((x * Value) + (1L << (Shift - 1))) >> Shift);
}

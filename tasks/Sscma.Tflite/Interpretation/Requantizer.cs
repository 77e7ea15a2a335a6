using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sscma.Tflite.Interpretation;

/// <summary>
/// From 32-bit sums to int8 codes: multiplier, zero point, range. Eight at a time where the machine can, with the very
/// roundings of <see cref="Multiplier.Apply"/>, which is the definition.
/// </summary>
internal sealed class Requantizer
{
    /// <summary>How many sums a kernel should hand over at once.</summary>
    public const int Block = 256;

    /// <summary>Channels of one block.</summary>
    public const int Lanes = 8;

    private readonly Multiplier[] _multipliers;
    private readonly int _zeroPoint;
    private readonly CodeRange _range;
    private readonly LaneFactors[] _lanes;

    /// <summary>One multiplier for all sums.</summary>
    public Requantizer(Multiplier multiplier, int zeroPoint, CodeRange range)
        : this([multiplier], zeroPoint, range)
    {
    }

    /// <summary>One multiplier for each channel.</summary>
    public Requantizer(Multiplier[] multipliers, int zeroPoint, CodeRange range)
    {
        (_multipliers, _zeroPoint, _range) = (multipliers, zeroPoint, range);
        _lanes = multipliers.Length == 1
            ? [new LaneFactors([.. Enumerable.Repeat(multipliers[0], Lanes)])]
            : [.. FirstChannels(multipliers.Length).Select(first => new LaneFactors([.. Enumerable.Range(first, Lanes).Select(c => c < multipliers.Length ? multipliers[c] : default)]))];
    }

    /// <summary>
    /// Channels cut into blocks of eight: the first of each. The last block overlaps the one before when eight does not divide the
    /// channels; with fewer than eight channels the only block reaches beyond them.
    /// </summary>
    public static int[] FirstChannels(int channels) =>
        [.. Enumerable.Range(0, (channels + Lanes - 1) / Lanes).Select(block => Math.Max(0, Math.Min(block * Lanes, channels - Lanes)))];

    /// <summary>Converts sums that share one multiplier.</summary>
    public void Apply(ReadOnlySpan<int> sums, Span<sbyte> codes)
    {
        var i = 0;
        if (Avx2.IsSupported)
        {
            for (; i <= sums.Length - Lanes; i += Lanes)
                Store(Vector256.LoadUnsafe(in sums[i]), 0, ref codes[i]);
        }

        for (; i < sums.Length; i++)
            codes[i] = _range.Clamp(_multipliers[0].Apply(sums[i]) + _zeroPoint);
    }

    /// <summary>Converts the sums of a block of <see cref="FirstChannels"/>. Needs AVX2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Vector256<int> sums, int block, ref sbyte codes)
    {
        var scaled = Scale(sums, in _lanes[block]) + Vector256.Create(_zeroPoint);
        var clamped = Vector256.Min(Vector256.Max(scaled, Vector256.Create(_range.Lowest)), Vector256.Create(_range.Highest));
        var narrow = Vector128.Narrow(clamped.GetLower(), clamped.GetUpper());
        var bytes = Vector128.Narrow(narrow, narrow);
        Unsafe.WriteUnaligned(ref Unsafe.As<sbyte, byte>(ref codes), bytes.AsInt64().ToScalar());
    }

    // Multiplier.Apply, lane by lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Scale(Vector256<int> sums, in LaneFactors factors)
    {
        // The left shift as a product, which wraps alike.
        var x = sums * factors.LeftPower;

        // High product: (a * b + 2^30) >> 31 in 64 bits, even and odd lanes apart. Of each the low 32 bits of the quotient count.
        var half = Vector256.Create(1L << 30);
        var even = Avx2.Multiply(x, factors.Value) + half;
        var odd = Avx2.Multiply((x.AsInt64() >>> 32).AsInt32(), (factors.Value.AsInt64() >>> 32).AsInt32()) + half;
        var high = Avx2.Blend((even >>> 31).AsInt32(), (odd << 1).AsInt32(), 0b1010_1010);

        // Right shift, half away from zero; comparing gives -1 where true.
        var threshold = (factors.RightMask >>> 1) - (high >> 31);
        var up = Vector256.GreaterThan(high & factors.RightMask, threshold);
        return Avx2.ShiftRightArithmeticVariable(high, factors.RightShift) - up;
    }

    private readonly struct LaneFactors(Multiplier[] multipliers)
    {
        public readonly Vector256<int> Value = Fill(multipliers, m => m.Value);
        public readonly Vector256<int> LeftPower = Fill(multipliers, m => m.Shift <= 0 ? 1 : m.Shift > 31 ? 0 : 1 << m.Shift);
        public readonly Vector256<int> RightMask = Fill(multipliers, m => m.Shift < 0 ? (int)((1L << -m.Shift) - 1) : 0);
        public readonly Vector256<uint> RightShift = Fill(multipliers, m => Math.Max(0, -m.Shift)).AsUInt32();

        private static Vector256<int> Fill(Multiplier[] multipliers, Func<Multiplier, int> of) =>
            Vector256.Create<int>([.. multipliers.Select(of)]);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sscma.Tflite.Interpretation.Kernels;

namespace Sscma.Tflite.Interpretation;

/// <summary>
/// From sums to int16 codes: bias in 64 bits, multiplier, range. As many at a time as the machine can, with the very roundings of
/// <see cref="WideMultiplier.Apply"/>, which is the definition.
/// </summary>
internal sealed unsafe class WideRequantizer
{
    // Sums of this many channels are read at once.
    private const int Group = 8;

    private readonly CodeRange _range;

    // Of each channel, with a group of room at the end: bias and rounding together after the product, for sums that are multiplied first.
    private readonly long[] _values;
    private readonly long[] _offsets;
    private readonly long[] _shifts;

    public WideRequantizer(ConvSetup setup)
    {
        _range = setup.Range;
        var multipliers = Array.ConvertAll(setup.Multipliers, WideMultiplier.Of);
        _values = [.. multipliers.Select(multiplier => (long)multiplier.Value), .. new long[Group]];
        _shifts = [.. multipliers.Select(multiplier => (long)multiplier.Shift), .. new long[Group]];

        // (sum + bias) * value + half = sum * value + (bias * value + half), also where 64 bits wrap.
        _offsets = [.. multipliers.Select((multiplier, c) => (setup.WideBias[c] * multiplier.Value) + (1L << (multiplier.Shift - 1))), .. new long[Group]];
    }

    /// <summary>Converts sums of neighbouring channels. Sums are read in whole groups, codes are written as many as asked for.</summary>
    public void Apply(int* sums, int channel, int count, short* codes)
    {
        var group = stackalloc short[Group];
        for (var i = 0; i < count; i += Group)
        {
            var to = i <= count - Group ? codes + i : group;
            if (Avx512DQ.IsSupported)
                Convert(Avx512F.ConvertToVector512Int64(Vector256.Load(sums + i)), channel + i, to);
            else if (Avx2.IsSupported)
                Convert(Avx2.ConvertToVector256Int64(sums + i), Avx2.ConvertToVector256Int64(sums + i + 4), channel + i, to);
            else
                ConvertEach(sums + i, channel + i, to);
            Keep(group, codes + i, to, count - i);
        }
    }

    /// <summary>The same for sums of 64 bits.</summary>
    public void Apply(long* sums, int channel, int count, short* codes)
    {
        var group = stackalloc short[Group];
        for (var i = 0; i < count; i += Group)
        {
            var to = i <= count - Group ? codes + i : group;
            if (Avx512DQ.IsSupported)
                Convert(Vector512.Load(sums + i), channel + i, to);
            else if (Avx2.IsSupported)
                Convert(Vector256.Load(sums + i), Vector256.Load(sums + i + 4), channel + i, to);
            else
                ConvertEach(sums + i, channel + i, to);
            Keep(group, codes + i, to, count - i);
        }
    }

    // What of a last, incomplete group was asked for.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep(short* group, short* codes, short* to, int count)
    {
        if (to != group)
            return;
        for (var i = 0; i < count; i++)
            codes[i] = group[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Convert(Vector512<long> sums, int channel, short* codes)
    {
        fixed (long* value = &_values[channel], offset = &_offsets[channel], shift = &_shifts[channel])
        {
            var product = Avx512DQ.MultiplyLow(sums, Vector512.Load(value)) + Vector512.Load(offset);
            var scaled = Avx512F.ConvertToVector256Int32(Avx512F.ShiftRightArithmeticVariable(product, Vector512.Load(shift).AsUInt64()));
            var cut = Vector256.Min(Vector256.Max(scaled, Vector256.Create(_range.Lowest)), Vector256.Create(_range.Highest));
            Vector128.Store(Vector128.Narrow(cut.GetLower(), cut.GetUpper()), codes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Convert(Vector256<long> low, Vector256<long> high, int channel, short* codes)
    {
        fixed (long* value = &_values[channel], offset = &_offsets[channel], shift = &_shifts[channel])
        {
            var a = Scale(low, Vector256.Load(value), Vector256.Load(offset), Vector256.Load(shift).AsUInt64());
            var b = Scale(high, Vector256.Load(value + 4), Vector256.Load(offset + 4), Vector256.Load(shift + 4).AsUInt64());

            // Of each result the lower 32 bits.
            var both = Vector256.Create(Lower(a), Lower(b));
            var cut = Vector256.Min(Vector256.Max(both, Vector256.Create(_range.Lowest)), Vector256.Create(_range.Highest));
            Vector128.Store(Vector128.Narrow(cut.GetLower(), cut.GetUpper()), codes);
        }
    }

    // AVX2 multiplies 32 bits by 32 bits, and has no arithmetic shift of 64 bits: the sign is made an offset before it and taken off after it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Scale(Vector256<long> sums, Vector256<long> value, Vector256<long> offset, Vector256<ulong> shift)
    {
        var lower = Avx2.Multiply(sums.AsUInt32(), value.AsUInt32()).AsInt64();
        var upper = Avx2.Multiply((sums >>> 32).AsUInt32(), value.AsUInt32()).AsInt64();
        var product = lower + (upper << 32) + offset;
        var sign = Vector256.Create(long.MinValue);
        return Avx2.ShiftRightLogicalVariable(product ^ sign, shift) - Avx2.ShiftRightLogicalVariable(sign, shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Lower(Vector256<long> numbers) =>
        Avx2.PermuteVar8x32(numbers.AsInt32(), Vector256.Create(0, 2, 4, 6, 0, 2, 4, 6)).GetLower();

    private void ConvertEach(int* sums, int channel, short* codes)
    {
        for (var i = 0; i < Group; i++)
            codes[i] = CodeOf(sums[i], channel + i);
    }

    private void ConvertEach(long* sums, int channel, short* codes)
    {
        for (var i = 0; i < Group; i++)
            codes[i] = CodeOf(sums[i], channel + i);
    }

    private short CodeOf(long sum, int channel) => _range.ClampToInt16((int)(((sum * _values[channel]) + _offsets[channel]) >> (int)_shifts[channel]));
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation;

/// <summary>
/// From 32-bit sums to int8 codes: multiplier, zero point, range. As many at a time as the machine can, with the very
/// roundings of <see cref="Multiplier.Apply"/>, which is the definition.
/// </summary>
internal sealed unsafe class Requantizer
{
    /// <summary>How many sums a kernel should hand over at once when all share one multiplier.</summary>
    public const int Block = 256;

    /// <summary>Sums and codes are read and written in groups of up to this many.</summary>
    public const int Group = 16;

    private readonly Multiplier _shared;
    private readonly int _zeroPoint;
    private readonly CodeRange _range;
    private readonly bool _shiftsLeft;

    // Of each channel, with a group of room at the end. With one multiplier: a single group of it.
    private readonly int[] _values;
    private readonly int[] _leftPowers;
    private readonly int[] _rightShifts;

    /// <summary>One multiplier for all sums.</summary>
    public Requantizer(Multiplier multiplier, int zeroPoint, CodeRange range)
        : this([.. Enumerable.Repeat(multiplier, Group)], zeroPoint, range) => _shared = multiplier;

    /// <summary>One multiplier for each channel.</summary>
    public Requantizer(Multiplier[] multipliers, int zeroPoint, CodeRange range)
    {
        (_zeroPoint, _range) = (zeroPoint, range);
        _shiftsLeft = multipliers.Any(multiplier => multiplier.Shift > 0);
        _values = Fill(m => m.Value);
        _leftPowers = Fill(m => m.Shift <= 0 ? 1 : m.Shift > 31 ? 0 : 1 << m.Shift);
        _rightShifts = Fill(m => Math.Max(0, -m.Shift));

        int[] Fill(Func<Multiplier, int> of) => [.. multipliers.Select(of), .. new int[Group]];
    }

    /// <summary>Converts sums that share one multiplier.</summary>
    public void Apply(ReadOnlySpan<int> sums, Span<sbyte> codes)
    {
        fixed (int* from = sums)
        fixed (sbyte* to = codes)
        {
            var whole = sums.Length / Group * Group;
            for (var i = 0; i < whole; i += Group)
                Convert(from + i, 0, to + i);
            for (var i = whole; i < sums.Length; i++)
                to[i] = _range.Clamp(_shared.Apply(from[i]) + _zeroPoint);
        }
    }

    /// <summary>Converts sums of neighbouring channels. Sums are read in whole groups, codes are written as many as asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(int* sums, int channel, int count, sbyte* codes)
    {
        for (; count >= Group; count -= Group, sums += Group, channel += Group, codes += Group)
            Convert(sums, channel, codes);
        if (count > 0)
            ConvertSome(sums, channel, count, codes);
    }

    /// <summary>Converts sums of neighbouring channels at several positions.</summary>
    /// <param name="sums">The sums of the first position, read in whole groups.</param>
    /// <param name="step">From position to position.</param>
    /// <param name="channel">First channel.</param>
    /// <param name="count">Channels.</param>
    /// <param name="positions">Positions.</param>
    /// <param name="codes">The codes of the first position.</param>
    /// <param name="pixel">Codes from position to position.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(int* sums, int step, int channel, int count, int positions, sbyte* codes, int pixel)
    {
        var whole = (count + Group - 1) / Group * Group;

        // Where these are all the channels, what a whole group writes too many is written again by the next positions.
        if (count == pixel && count != whole)
        {
            for (; positions * count >= whole; positions--, sums += step, codes += pixel)
            {
                for (var c = 0; c < whole; c += Group)
                    Convert(sums + c, channel + c, codes + c);
            }
        }

        for (; positions > 0; positions--, sums += step, codes += pixel)
            Apply(sums, channel, count, codes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ConvertSome(int* sums, int channel, int count, sbyte* codes)
    {
        var group = stackalloc sbyte[Group];
        Convert(sums, channel, group);
        new ReadOnlySpan<sbyte>(group, count).CopyTo(new Span<sbyte>(codes, count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Convert(int* sums, int channel, sbyte* codes)
    {
        ref var value = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_values), channel);
        ref var left = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_leftPowers), channel);
        ref var right = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_rightShifts), channel);
        if (Avx512BW.IsSupported)
        {
            var x = Vector512.Load(sums);
            if (_shiftsLeft)
                x *= Vector512.LoadUnsafe(ref left);
            Vector128.Store(Narrow(LaneScaling.Scale(x, Vector512.LoadUnsafe(ref value), Vector512.LoadUnsafe(ref right).AsUInt32())), codes);
        }
        else if (Avx2.IsSupported)
        {
            var (x, y) = (Vector256.Load(sums), Vector256.Load(sums + 8));
            if (_shiftsLeft)
                (x, y) = (x * Vector256.LoadUnsafe(ref left), y * Vector256.LoadUnsafe(ref left, 8));
            x = LaneScaling.Scale(x, Vector256.LoadUnsafe(ref value), Vector256.LoadUnsafe(ref right).AsUInt32());
            y = LaneScaling.Scale(y, Vector256.LoadUnsafe(ref value, 8), Vector256.LoadUnsafe(ref right, 8).AsUInt32());
            Vector128.Store(Narrow(x, y), codes);
        }
        else
        {
            for (var i = 0; i < Group; i += 8)
            {
                var (x, y) = (Vector128.Load(sums + i), Vector128.Load(sums + i + 4));
                var (v, w) = (Vector128.LoadUnsafe(ref value, (nuint)i), Vector128.LoadUnsafe(ref value, (nuint)i + 4));
                (x, y) = (x * Vector128.LoadUnsafe(ref left, (nuint)i), y * Vector128.LoadUnsafe(ref left, (nuint)i + 4));
                x = LaneScaling.Scale(x, v, Vector128.LoadUnsafe(ref right, (nuint)i));
                y = LaneScaling.Scale(y, w, Vector128.LoadUnsafe(ref right, (nuint)i + 4));
                var narrow = Vector128.Narrow(InRange(x), InRange(y));
                Vector128.Narrow(narrow, narrow).GetLower().Store(codes + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<sbyte> Narrow(Vector512<int> scaled)
    {
        var codes = scaled + Vector512.Create(_zeroPoint);
        return Avx512F.ConvertToVector128SByte(Vector512.Min(Vector512.Max(codes, Vector512.Create(_range.Lowest)), Vector512.Create(_range.Highest)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<sbyte> Narrow(Vector256<int> x, Vector256<int> y)
    {
        // The packing instruction works in halves: their order is put right in between.
        var zero = Vector256.Create(_zeroPoint);
        var (low, high) = (Vector256.Create(_range.Lowest), Vector256.Create(_range.Highest));
        var a = Vector256.Min(Vector256.Max(x + zero, low), high);
        var b = Vector256.Min(Vector256.Max(y + zero, low), high);
        var words = Avx2.Permute4x64(Avx2.PackSignedSaturate(a, b).AsInt64(), 0b11_01_10_00).AsInt16();
        return Sse2.PackSignedSaturate(words.GetLower(), words.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<int> InRange(Vector128<int> scaled) =>
        Vector128.Min(Vector128.Max(scaled + Vector128.Create(_zeroPoint), Vector128.Create(_range.Lowest)), Vector128.Create(_range.Highest));
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>int8 codes in the forms that the units of <see cref="IDotUnit{TVector}"/> multiply.</summary>
internal static unsafe class CodeForms
{
    /// <summary>Codes that <see cref="Interleave"/> takes at once; it reads and writes up to this many too many.</summary>
    public const int Step = 16;

    /// <summary>Four bytes, two 16-bit numbers or one 32-bit number as one lane.</summary>
    public static int Pack(int depth, ReadOnlySpan<sbyte> codes)
    {
        var lane = 0;
        for (var k = 0; k < Math.Min(depth, codes.Length); k++)
            lane |= (depth == 4 ? (byte)codes[k] : depth == 2 ? (ushort)codes[k] : codes[k]) << (k * (32 / depth));
        return lane;
    }

    /// <summary>Codes as lanes, so many for each; the last one may be short of some.</summary>
    public static void PackAll(int depth, ReadOnlySpan<sbyte> codes, Span<int> lanes)
    {
        for (var lane = 0; lane < lanes.Length; lane++)
            lanes[lane] = Pack(depth, codes[(lane * depth)..]);
    }

    /// <summary>Codes to values of 4 / depth bytes each, exactly as many as asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Widen(int depth, int offset, sbyte* from, byte* to, int count)
    {
        var i = 0;
        for (; i <= count - Step; i += Step)
            Widen(depth, offset, Vector128.Load(from + i), to + (i * (4 / depth)));
        for (; i < count; i++)
        {
            var value = from[i] + offset;
            if (depth == 4)
                to[i] = (byte)value;
            else if (depth == 2)
                ((short*)to)[i] = (short)value;
            else
                ((int*)to)[i] = value;
        }
    }

    /// <summary>Values of one code, exactly as many as asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fill(int depth, int offset, int code, byte* to, int count)
    {
        if (depth == 4)
            new Span<byte>(to, count).Fill((byte)(code + offset));
        else if (depth == 2)
            new Span<short>(to, count).Fill((short)(code + offset));
        else
            new Span<int>(to, count).Fill(code + offset);
    }

    /// <summary>
    /// Takes one code from each of <paramref name="depth"/> rows for every lane: lane c gets row0[c], row1[c], …
    /// Reads and writes whole groups of <see cref="Step"/> codes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Interleave(int depth, int offset, sbyte** rows, int at, byte* to, int count)
    {
        for (var i = 0; i < count; i += Step, at += Step, to += 4 * Step)
        {
            if (depth == 1)
            {
                Widen(depth, offset, Vector128.Load(rows[0] + at), to);
                continue;
            }

            var (low, high) = Zip(Vector128.Load(rows[0] + at).AsByte(), Vector128.Load(rows[1] + at).AsByte());
            if (depth == 2)
            {
                Widen(depth, offset, low.AsSByte(), to);
                Widen(depth, offset, high.AsSByte(), to + (2 * Step));
                continue;
            }

            var (low2, high2) = Zip(Vector128.Load(rows[2] + at).AsByte(), Vector128.Load(rows[3] + at).AsByte());
            var (a, b) = Zip(low.AsUInt16(), low2.AsUInt16());
            var (c, d) = Zip(high.AsUInt16(), high2.AsUInt16());
            var plus = Vector128.Create((byte)offset);
            (a.AsByte() + plus).Store(to);
            (b.AsByte() + plus).Store(to + Step);
            (c.AsByte() + plus).Store(to + (2 * Step));
            (d.AsByte() + plus).Store(to + (3 * Step));
        }
    }

    // Offsets are only used where values are bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(int depth, int offset, Vector128<sbyte> codes, byte* to)
    {
        if (depth == 4)
        {
            (codes.AsByte() + Vector128.Create((byte)offset)).Store(to);
            return;
        }

        var (low, high) = Vector128.Widen(codes);
        if (depth == 2)
        {
            low.Store((short*)to);
            high.Store((short*)to + 8);
            return;
        }

        var ((a, b), (c, d)) = (Vector128.Widen(low), Vector128.Widen(high));
        a.Store((int*)to);
        b.Store((int*)to + 4);
        c.Store((int*)to + 8);
        d.Store((int*)to + 12);
    }

    // a0 b0 a1 b1 …, in two halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<byte> Low, Vector128<byte> High) Zip(Vector128<byte> a, Vector128<byte> b)
    {
        if (Sse2.IsSupported)
            return (Sse2.UnpackLow(a, b), Sse2.UnpackHigh(a, b));
        if (AdvSimd.Arm64.IsSupported)
            return (AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b));
        var ((a0, a1), (b0, b1)) = (Vector128.Widen(a), Vector128.Widen(b));
        return ((a0 | (b0 << 8)).AsByte(), (a1 | (b1 << 8)).AsByte());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<ushort> Low, Vector128<ushort> High) Zip(Vector128<ushort> a, Vector128<ushort> b)
    {
        if (Sse2.IsSupported)
            return (Sse2.UnpackLow(a, b), Sse2.UnpackHigh(a, b));
        if (AdvSimd.Arm64.IsSupported)
            return (AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b));
        var ((a0, a1), (b0, b1)) = (Vector128.Widen(a), Vector128.Widen(b));
        return ((a0 | (b0 << 16)).AsUInt16(), (a1 | (b1 << 16)).AsUInt16());
    }
}

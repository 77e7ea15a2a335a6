using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Blocks of int16 codes as 32-bit numbers, many at a time: widened, scaled by <see cref="Multiplier.Apply"/>, cut to codes.</summary>
internal static unsafe class Int16Blocks
{
    /// <summary>Codes times a power of two; with a step of 0 one code again and again.</summary>
    public static void Widen(ReadOnlySpan<short> codes, int start, int step, int shift, Span<int> numbers)
    {
        if (step == 0)
        {
            numbers.Fill(codes[start] << shift);
            return;
        }

        var from = codes.Slice(start, numbers.Length);
        var i = 0;
        for (; i <= numbers.Length - Vector<short>.Count; i += Vector<short>.Count)
        {
            Vector.Widen(new Vector<short>(from[i..]), out var low, out var high);
            (low << shift).CopyTo(numbers[i..]);
            (high << shift).CopyTo(numbers[(i + Vector<int>.Count)..]);
        }

        for (; i < numbers.Length; i++)
            numbers[i] = from[i] << shift;
    }

    /// <summary>Each number times a factor.</summary>
    public static void Scale(Multiplier multiplier, Span<int> numbers)
    {
        var left = multiplier.Shift <= 0 ? 1 : multiplier.Shift > 31 ? 0 : 1 << multiplier.Shift;
        var right = Math.Max(0, -multiplier.Shift);
        var i = 0;
        fixed (int* at = numbers)
        {
            if (Avx512BW.IsSupported)
            {
                var (value, power, shift) = (Vector512.Create(multiplier.Value), Vector512.Create(left), Vector512.Create((uint)right));
                for (; i <= numbers.Length - 16; i += 16)
                    LaneScaling.Scale(Vector512.Load(at + i) * power, value, shift).Store(at + i);
            }
            else if (Avx2.IsSupported)
            {
                var (value, power, shift) = (Vector256.Create(multiplier.Value), Vector256.Create(left), Vector256.Create((uint)right));
                for (; i <= numbers.Length - 8; i += 8)
                    LaneScaling.Scale(Vector256.Load(at + i) * power, value, shift).Store(at + i);
            }
            else
            {
                var (value, power, shift) = (Vector128.Create(multiplier.Value), Vector128.Create(left), Vector128.Create(right));
                for (; i <= numbers.Length - 4; i += 4)
                    LaneScaling.Scale(Vector128.Load(at + i) * power, value, shift).Store(at + i);
            }
        }

        for (; i < numbers.Length; i++)
            numbers[i] = multiplier.Apply(numbers[i]);
    }

    /// <summary>Numbers cut to a range of codes.</summary>
    public static void Narrow(ReadOnlySpan<int> numbers, CodeRange range, Span<short> codes)
    {
        var (low, high) = (new Vector<int>(range.Lowest), new Vector<int>(range.Highest));
        var i = 0;
        for (; i <= codes.Length - Vector<short>.Count; i += Vector<short>.Count)
        {
            var a = Vector.Min(Vector.Max(new Vector<int>(numbers[i..]), low), high);
            var b = Vector.Min(Vector.Max(new Vector<int>(numbers[(i + Vector<int>.Count)..]), low), high);
            Vector.Narrow(a, b).CopyTo(codes[i..]);
        }

        for (; i < codes.Length; i++)
            codes[i] = range.ClampToInt16(numbers[i]);
    }
}

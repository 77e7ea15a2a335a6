using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Sum or difference of int8 codes of different quantization.</summary>
internal sealed unsafe class AddSub : PairKernel
{
    // Room below the codes for the operands' common scale: 8 + 20 bits, doubled by the sum, stay below 32.
    private const int LeftShift = 20;

    // The ratios are at most 1/2: no shift goes left.
    private readonly Multiplier _scaleA;
    private readonly Multiplier _scaleB;
    private readonly int _zeroA;
    private readonly int _zeroB;
    private readonly bool _subtracts;
    private readonly bool _vectors;
    private readonly int[] _termsA;
    private readonly int[] _termsB;
    private readonly Requantizer _requantizer;

    public AddSub(Node node)
        : base(node, nanoseconds: 0.8)
    {
        var add = node.Code == BuiltinOperator.Add;
        var twice = 2 * Math.Max(A.Scale, B.Scale);
        (_scaleA, _zeroA) = (Multiplier.Of(Ratio(A.Scale, twice)), A.ZeroPoint);
        (_scaleB, _zeroB) = (Multiplier.Of(Ratio(B.Scale, twice)), B.ZeroPoint);
        _termsA = Terms(A, _scaleA, 1);
        _termsB = Terms(B, _scaleB, add ? 1 : -1);
        _subtracts = !add;
        _vectors = node.Path != KernelPath.Plain;
        var range = CodeRange.Of(add ? node.Options<AddOptions>().Activation : node.Options<SubOptions>().Activation, Output, node);
        _requantizer = new Requantizer(Multiplier.Of(Ratio(twice, (1 << LeftShift) * Output.Scale)), Output.ZeroPoint, range);

        // The reference divides in double for a sum, in float for a difference. (The scale times 2^20 is exact in both.)
        double Ratio(float numerator, float denominator) => add ? (double)numerator / denominator : numerator / denominator;
    }

    protected override void Combine(int a, int b, int at, int count, Span<int> scratch)
    {
        var codesA = A.Int8;
        var codesB = B.Int8;
        var sums = scratch[..count];
        var done = _vectors && StepA == 1 ? AddVectors(codesA.Slice(a, count), codesB[b..], sums) : 0;
        for (var i = done; i < count; i++)
            sums[i] = _termsA[codesA[a + (i * StepA)] + 128] + _termsB[codesB[b + (i * StepB)] + 128];
        _requantizer.Apply(sums, Output.Int8.Slice(at, count));
    }

    // What the table would give, for as many pairs as fill vectors; returns how many.
    private int AddVectors(ReadOnlySpan<sbyte> codesA, ReadOnlySpan<sbyte> codesB, Span<int> sums)
    {
        var i = 0;
        var constant = StepB == 0 ? _termsB[codesB[0] + 128] : 0;
        fixed (sbyte* a = codesA, b = codesB)
        fixed (int* to = sums)
        {
            if (Avx512BW.IsSupported)
            {
                for (; i <= codesA.Length - 16; i += 16)
                {
                    var x = Term512(a + i, _scaleA, _zeroA);
                    var y = StepB == 0 ? Vector512.Create(constant) : Term512(b + i, _scaleB, _zeroB);
                    (_subtracts && StepB == 1 ? x - y : x + y).Store(to + i);
                }
            }
            else if (Avx2.IsSupported)
            {
                for (; i <= codesA.Length - 8; i += 8)
                {
                    var x = Term256(a + i, _scaleA, _zeroA);
                    var y = StepB == 0 ? Vector256.Create(constant) : Term256(b + i, _scaleB, _zeroB);
                    (_subtracts && StepB == 1 ? x - y : x + y).Store(to + i);
                }
            }
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Term512(sbyte* codes, Multiplier scale, int zeroPoint) => LaneScaling.Scale(
        (Avx512F.ConvertToVector512Int32(Vector128.Load(codes)) - Vector512.Create(zeroPoint)) << LeftShift, Vector512.Create(scale.Value), Vector512.Create((uint)-scale.Shift));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Term256(sbyte* codes, Multiplier scale, int zeroPoint) => LaneScaling.Scale(
        (Avx2.ConvertToVector256Int32(codes) - Vector256.Create(zeroPoint)) << LeftShift, Vector256.Create(scale.Value), Vector256.Create((uint)-scale.Shift));

    // What each code contributes: there are only 256 of them.
    private static int[] Terms(Operand operand, Multiplier multiplier, int sign)
    {
        var terms = new int[256];
        for (var code = -128; code < 128; code++)
            terms[code + 128] = sign * multiplier.Apply((code - operand.ZeroPoint) << LeftShift);
        return terms;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Sum or difference of int8 codes of different quantization.</summary>
internal sealed unsafe class AddSub : IKernel, IParts
{
    // Room below the codes for the operands' common scale: 8 + 20 bits, doubled by the sum, stay below 32.
    private const int LeftShift = 20;

    private readonly Operand _a;
    private readonly Operand _b;
    private readonly Operand _output;
    private readonly Broadcast _walk;
    private readonly Crew _crew;
    private readonly Cut _cut;

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
    {
        _a = node.Input(0, TensorType.Int8);
        _b = node.Input(1, TensorType.Int8);
        _output = node.Output(TensorType.Int8);
        _walk = new Broadcast(node, _a, _b, _output);
        _crew = node.Workspace.Crew;
        _cut = new Cut(_output.Count, 0.3 * _output.Count, _crew.Size);

        var add = node.Code == BuiltinOperator.Add;
        var twice = 2 * Math.Max(_a.Scale, _b.Scale);
        (_scaleA, _zeroA) = (Multiplier.Of(Ratio(_a.Scale, twice)), _a.ZeroPoint);
        (_scaleB, _zeroB) = (Multiplier.Of(Ratio(_b.Scale, twice)), _b.ZeroPoint);
        _termsA = Terms(_a, _scaleA, 1);
        _termsB = Terms(_b, _scaleB, add ? 1 : -1);
        _subtracts = !add;
        _vectors = node.Path != KernelPath.Plain;
        var range = CodeRange.Of(add ? node.Options<AddOptions>().Activation : node.Options<SubOptions>().Activation, _output, node);
        _requantizer = new Requantizer(Multiplier.Of(Ratio(twice, (1 << LeftShift) * _output.Scale)), _output.ZeroPoint, range);

        // The reference divides in double for a sum, in float for a difference. (The scale times 2^20 is exact in both.)
        double Ratio(float numerator, float denominator) => add ? (double)numerator / denominator : numerator / denominator;
    }

    public void Run() => _crew.Run(_cut.Count, this);

    public void RunPart(int part, int worker)
    {
        var codesA = _a.Int8;
        var codesB = _b.Int8;
        var output = _output.Int8;
        var (stepA, stepB) = (_walk.StepA, _walk.StepB);
        Span<int> sums = stackalloc int[Requantizer.Block];
        var (at, end) = _cut[part];
        while (at < end)
        {
            var (a, b, count) = _walk.StretchAt(at, Math.Min(end, at + sums.Length));
            var done = _vectors && stepA == 1 ? AddVectors(codesA.Slice(a, count), codesB[b..], sums) : 0;
            (a, b) = (a + (done * stepA), b + (done * stepB));
            for (var i = done; i < count; i++, a += stepA, b += stepB)
                sums[i] = _termsA[codesA[a] + 128] + _termsB[codesB[b] + 128];
            _requantizer.Apply(sums[..count], output.Slice(at, count));
            at += count;
        }
    }

    // What the table would give, for as many pairs as fill vectors; returns how many.
    private int AddVectors(ReadOnlySpan<sbyte> codesA, ReadOnlySpan<sbyte> codesB, Span<int> sums)
    {
        var i = 0;
        var constant = _walk.StepB == 0 ? _termsB[codesB[0] + 128] : 0;
        fixed (sbyte* a = codesA, b = codesB)
        fixed (int* to = sums)
        {
            if (Avx512BW.IsSupported)
            {
                for (; i <= codesA.Length - 16; i += 16)
                {
                    var x = Term512(a + i, _scaleA, _zeroA);
                    var y = _walk.StepB == 0 ? Vector512.Create(constant) : Term512(b + i, _scaleB, _zeroB);
                    (_subtracts && _walk.StepB == 1 ? x - y : x + y).Store(to + i);
                }
            }
            else if (Avx2.IsSupported)
            {
                for (; i <= codesA.Length - 8; i += 8)
                {
                    var x = Term256(a + i, _scaleA, _zeroA);
                    var y = _walk.StepB == 0 ? Vector256.Create(constant) : Term256(b + i, _scaleB, _zeroB);
                    (_subtracts && _walk.StepB == 1 ? x - y : x + y).Store(to + i);
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

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Sum or difference of int8 codes of different quantization.</summary>
internal sealed class AddSub : IKernel, IParts
{
    // Room below the codes for the operands' common scale: 8 + 20 bits, doubled by the sum, stay below 32.
    private const int LeftShift = 20;

    private readonly Operand _a;
    private readonly Operand _b;
    private readonly Operand _output;
    private readonly Broadcast _walk;
    private readonly Crew _crew;
    private readonly Cut _cut;
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
        _cut = new Cut(_output.Count, _output.Count, _crew.Size);

        var add = node.Code == BuiltinOperator.Add;
        var twice = 2 * Math.Max(_a.Scale, _b.Scale);
        _termsA = Terms(_a, Multiplier.Of(Ratio(_a.Scale, twice)), 1);
        _termsB = Terms(_b, Multiplier.Of(Ratio(_b.Scale, twice)), add ? 1 : -1);
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
            for (var i = 0; i < count; i++, a += stepA, b += stepB)
                sums[i] = _termsA[codesA[a] + 128] + _termsB[codesB[b] + 128];
            _requantizer.Apply(sums[..count], output.Slice(at, count));
            at += count;
        }
    }

    // What each code contributes: there are only 256 of them.
    private static int[] Terms(Operand operand, Multiplier multiplier, int sign)
    {
        var terms = new int[256];
        for (var code = -128; code < 128; code++)
            terms[code + 128] = sign * multiplier.Apply((code - operand.ZeroPoint) << LeftShift);
        return terms;
    }
}

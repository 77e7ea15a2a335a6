namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Sum or difference of int16 codes of different scales; powers of two get no treatment of their own, as in the reference.</summary>
internal sealed class Int16AddSub : IKernel, IParts
{
    // Room below the codes for the operands' common scale: 16 + 15 bits, of which each operand loses one at least before they are added.
    private const int LeftShift = 15;

    private readonly Operand _a;
    private readonly Operand _b;
    private readonly Operand _output;
    private readonly Broadcast _walk;
    private readonly Crew _crew;
    private readonly Cut _cut;
    private readonly Multiplier _toCommonA;
    private readonly Multiplier _toCommonB;
    private readonly Multiplier _toOutput;
    private readonly CodeRange _range;
    private readonly bool _subtracts;

    public Int16AddSub(Node node)
    {
        (_a, _b, _output) = (node.Input(0, TensorType.Int16), node.Input(1, TensorType.Int16), node.Output(TensorType.Int16));
        node.Require(_a.ZeroPoint == 0 && _b.ZeroPoint == 0, "needs symmetric codes");
        _walk = new Broadcast(node, _a, _b, _output);
        _crew = node.Workspace.Crew;
        _cut = new Cut(_output.Count, _output.Count, _crew.Size);
        _subtracts = node.Code == BuiltinOperator.Sub;
        var twice = 2 * Math.Max(_a.Scale, _b.Scale);
        _toCommonA = Multiplier.Of(Ratio(_a.Scale, twice));
        _toCommonB = Multiplier.Of(Ratio(_b.Scale, twice));
        _toOutput = Multiplier.Of(Ratio(twice, (1 << LeftShift) * _output.Scale));
        _range = CodeRange.Of(_subtracts ? node.Options<SubOptions>().Activation : node.Options<AddOptions>().Activation, _output, node);

        // As for int8: in double for a sum, in float for a difference.
        double Ratio(float numerator, float denominator) => _subtracts ? numerator / denominator : (double)numerator / denominator;
    }

    public void Run() => _crew.Run(_cut.Count, this);

    public void RunPart(int part, int worker)
    {
        var a = _a.Int16;
        var b = _b.Int16;
        var output = _output.Int16;
        Span<int> sums = stackalloc int[Int16Blocks.Length];
        Span<int> others = stackalloc int[Int16Blocks.Length];
        var (at, end) = _cut[part];
        while (at < end)
        {
            var (startA, startB, count) = _walk.StretchAt(at, Math.Min(end, at + Int16Blocks.Length));
            Combine(a, startA, b, startB, sums[..count], others[..count]);
            Int16Blocks.Narrow(sums[..count], _range, output.Slice(at, count));
            at += count;
        }
    }

    private void Combine(ReadOnlySpan<short> a, int startA, ReadOnlySpan<short> b, int startB, Span<int> sums, Span<int> others)
    {
        Int16Blocks.Widen(a, startA, _walk.StepA, LeftShift, sums);
        Int16Blocks.Scale(_toCommonA, sums);
        Int16Blocks.Widen(b, startB, _walk.StepB, LeftShift, others);
        Int16Blocks.Scale(_toCommonB, others);
        if (_subtracts)
        {
            for (var i = 0; i < sums.Length; i++)
                sums[i] -= others[i];
        }
        else
        {
            for (var i = 0; i < sums.Length; i++)
                sums[i] += others[i];
        }

        Int16Blocks.Scale(_toOutput, sums);
    }
}

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Sum or difference of int16 codes of different scales; powers of two get no treatment of their own, as in the reference.</summary>
internal sealed class Int16AddSub : PairKernel
{
    // Room below the codes for the operands' common scale: 16 + 15 bits, of which each operand loses one at least before they are added.
    private const int LeftShift = 15;

    private readonly Multiplier _toCommonA;
    private readonly Multiplier _toCommonB;
    private readonly Multiplier _toOutput;
    private readonly CodeRange _range;
    private readonly bool _subtracts;

    public Int16AddSub(Node node)
        : base(node, nanoseconds: 1)
    {
        node.Require(A.ZeroPoint == 0 && B.ZeroPoint == 0, "needs symmetric codes");
        _subtracts = node.Code == BuiltinOperator.Sub;
        var twice = 2 * Math.Max(A.Scale, B.Scale);
        _toCommonA = Multiplier.Of(Ratio(A.Scale, twice));
        _toCommonB = Multiplier.Of(Ratio(B.Scale, twice));
        _toOutput = Multiplier.Of(Ratio(twice, (1 << LeftShift) * Output.Scale));
        _range = CodeRange.Of(_subtracts ? node.Options<SubOptions>().Activation : node.Options<AddOptions>().Activation, Output, node);

        // As for int8: in double for a sum, in float for a difference.
        double Ratio(float numerator, float denominator) => _subtracts ? numerator / denominator : (double)numerator / denominator;
    }

    protected override void Combine(int a, int b, int at, int count, Span<int> scratch)
    {
        var sums = scratch[..count];
        var others = scratch.Slice(Block, count);
        Int16Blocks.Widen(A.Int16, a, StepA, LeftShift, sums);
        Int16Blocks.Scale(_toCommonA, sums);
        Int16Blocks.Widen(B.Int16, b, StepB, LeftShift, others);
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
        Int16Blocks.Narrow(sums, _range, Output.Int16.Slice(at, count));
    }
}

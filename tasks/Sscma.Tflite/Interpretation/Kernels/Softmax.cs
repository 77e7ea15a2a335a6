using System.Numerics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Softmax of int8 codes over the last axis, in fixed point.</summary>
internal sealed class Softmax : IKernel
{
    private const int DifferenceBits = 5;
    private const int SumBits = 12;

    private readonly Operand _input;
    private readonly Operand _output;

    // By how much a code lies below its row's maximum, 0 to 255: e^-difference in Q0.31, or -1 when it is too far below.
    private readonly int[] _exponentials = new int[256];

    public Softmax(Node node)
    {
        (_input, _output) = (node.Input(0, TensorType.Int8), node.Output(TensorType.Int8));
        node.RequireShape(_output, _input.Shape);
        node.Require(_input.Rank > 0 && _input.Shape[^1] > 0, "needs a last axis");
        node.Require(_output.Scale == 1f / 256 && _output.ZeroPoint == -128, "must have an output of scale 1/256 and zero point -128");
        var beta = node.Options<SoftmaxOptions>().Beta;
        node.Require(beta > 0, $"has the factor {beta}");

        var factor = Multiplier.Of(Math.Min((double)beta * _input.Scale * (1 << (31 - DifferenceBits)), (1L << 31) - 1.0));
        var radius = Logistic.InputRadius(DifferenceBits, factor.Shift);
        for (var difference = 0; difference < 256; difference++)
            _exponentials[difference] = difference > radius ? -1 : FixedPoint.ExpOfNegative(factor.Apply(-difference), DifferenceBits);
    }

    public void Run()
    {
        var depth = _input.Shape[^1];
        for (var at = 0; at < _input.Count; at += depth)
            Row(_input.Int8.Slice(at, depth), _output.Int8.Slice(at, depth));
    }

    private void Row(ReadOnlySpan<sbyte> codes, Span<sbyte> output)
    {
        sbyte greatest = sbyte.MinValue;
        foreach (var code in codes)
            greatest = Math.Max(greatest, code);

        // Q12.19: 4096 terms of at most 1 fit.
        var sum = 0;
        foreach (var code in codes)
        {
            if (_exponentials[greatest - code] is var exponential and >= 0)
                sum += FixedPoint.DivideByPowerOfTwo(exponential, SumBits);
        }

        // sum = 2^(SumBits - headroom) * (1 + fraction) with the fraction in Q0.31.
        var headroom = BitOperations.LeadingZeroCount((uint)sum);
        var fraction = (int)(((uint)sum << headroom) - (1u << 31));
        var reciprocal = FixedPoint.OneOverOnePlus(fraction);
        var shift = SumBits - headroom + 31 - 8;
        for (var i = 0; i < codes.Length; i++)
        {
            var exponential = _exponentials[greatest - codes[i]];
            output[i] = exponential < 0
                ? sbyte.MinValue
                : CodeRange.Int8.Clamp(FixedPoint.DivideByPowerOfTwo(FixedPoint.MultiplyHigh(reciprocal, exponential), shift) - 128);
        }
    }
}

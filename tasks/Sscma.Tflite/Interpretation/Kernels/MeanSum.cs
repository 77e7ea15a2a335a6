using System.Numerics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Mean or sum of int8 codes over constant axes.</summary>
internal sealed class MeanSum : IKernel
{
    private readonly Operand _input;
    private readonly Operand _output;
    private readonly Reduction _reduction;
    private readonly int[] _sums;
    private readonly int _zeroOfSum;
    private readonly Requantizer _requantizer;

    public MeanSum(Node node)
    {
        (_input, _output) = (node.Input(0, TensorType.Int8), node.Output(TensorType.Int8));
        _reduction = new Reduction(node, _input, _output);
        _sums = new int[_output.Count];

        // |code| ≤ 128, so 32 bits hold the sum of 2^24 codes; a tensor is not that large on a microcontroller.
        node.Require(_reduction.Count <= 1 << 23, $"adds {_reduction.Count} codes, more than 32 bits hold");
        _zeroOfSum = _input.ZeroPoint * _reduction.Count;
        var multiplier = Multiplier.Of((double)_input.Scale / _output.Scale);
        if (node.Code == BuiltinOperator.Mean)
            multiplier = DivideBy(multiplier, _reduction.Count);
        _requantizer = new Requantizer(multiplier, _output.ZeroPoint, CodeRange.Int8);
    }

    public void Run()
    {
        Array.Clear(_sums);
        var codes = _input.Int8;
        var (length, step) = (_reduction.RowLength, _reduction.RowStep);
        var at = 0;
        foreach (var row in _reduction.Rows)
        {
            var target = row;
            for (var i = 0; i < length; i++, target += step)
                _sums[target] += codes[at++];
        }

        for (var i = 0; i < _sums.Length; i++)
            _sums[i] -= _zeroOfSum;
        _requantizer.Apply(_sums, _output.Int8);
    }

    // The division joins the multiplier; the bits that it would lose are first gained on the left, as far as the shift allows.
    private static Multiplier DivideBy(Multiplier multiplier, int count)
    {
        var gain = Math.Min(Math.Min(BitOperations.Log2((uint)count), 32), 31 + multiplier.Shift);
        return new Multiplier((int)(((long)multiplier.Value << gain) / count), multiplier.Shift - gain);
    }
}

using System.Runtime.Intrinsics;

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
            multiplier = multiplier.DividedBy(_reduction.Count);
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
            var inRow = codes.Slice(at, length);
            if (step == 1)
                Add(_sums.AsSpan(row, length), inRow);
            else
                _sums[row] += Sum(inRow);
            at += length;
        }

        for (var i = 0; i < _sums.Length; i++)
            _sums[i] -= _zeroOfSum;
        _requantizer.Apply(_sums, _output.Int8);
    }

    private static void Add(Span<int> sums, ReadOnlySpan<sbyte> codes)
    {
        var i = 0;
        for (; i <= codes.Length - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(codes[i..]));
            var ((a, b), (c, d)) = (Vector128.Widen(low), Vector128.Widen(high));
            var part = sums.Slice(i, Vector128<sbyte>.Count);
            (Vector128.Create<int>(part) + a).CopyTo(part);
            (Vector128.Create<int>(part[4..]) + b).CopyTo(part[4..]);
            (Vector128.Create<int>(part[8..]) + c).CopyTo(part[8..]);
            (Vector128.Create<int>(part[12..]) + d).CopyTo(part[12..]);
        }

        for (; i < codes.Length; i++)
            sums[i] += codes[i];
    }

    private static int Sum(ReadOnlySpan<sbyte> codes)
    {
        var sum = 0;
        foreach (var code in codes)
            sum += code;
        return sum;
    }
}

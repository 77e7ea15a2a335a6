using System.Runtime.Intrinsics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Mean or sum of int8 codes over constant axes.</summary>
internal sealed class MeanSum : IKernel
{
    private const int MostRows = 255;

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
        var rows = _reduction.Rows;
        for (var (row, same) = (0, 0); row < rows.Length; row += same)
        {
            same = SameTarget(rows[row..]);
            var inRows = codes.Slice(row * length, same * length);
            if (step == 1)
                Add(_sums.AsSpan(rows[row], length), inRows);
            else
                _sums[rows[row]] += Sum(inRows);
        }

        for (var i = 0; i < _sums.Length; i++)
            _sums[i] -= _zeroOfSum;
        _requantizer.Apply(_sums, _output.Int8);
    }

    // How many rows from the first one on are added to the same elements, up to so many that 16 bits hold their sums.
    private static int SameTarget(ReadOnlySpan<int> rows)
    {
        var count = 1;
        while (count < Math.Min(rows.Length, MostRows) && rows[count] == rows[0])
            count++;
        return count;
    }

    private static void Add(Span<int> sums, ReadOnlySpan<sbyte> rows)
    {
        var i = 0;
        for (; i <= sums.Length - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
        {
            var (low, high) = (Vector128<short>.Zero, Vector128<short>.Zero);
            for (var at = i; at < rows.Length; at += sums.Length)
            {
                var (first, last) = Vector128.Widen(Vector128.LoadUnsafe(in rows[at]));
                (low, high) = (low + first, high + last);
            }

            var ((a, b), (c, d)) = (Vector128.Widen(low), Vector128.Widen(high));
            var part = sums.Slice(i, Vector128<sbyte>.Count);
            (Vector128.Create<int>(part) + a).CopyTo(part);
            (Vector128.Create<int>(part[4..]) + b).CopyTo(part[4..]);
            (Vector128.Create<int>(part[8..]) + c).CopyTo(part[8..]);
            (Vector128.Create<int>(part[12..]) + d).CopyTo(part[12..]);
        }

        for (; i < sums.Length; i++)
        {
            for (var at = i; at < rows.Length; at += sums.Length)
                sums[i] += rows[at];
        }
    }

    private static int Sum(ReadOnlySpan<sbyte> codes)
    {
        var sum = 0;
        foreach (var code in codes)
            sum += code;
        return sum;
    }
}

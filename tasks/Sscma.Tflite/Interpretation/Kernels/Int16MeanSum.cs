namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Mean or sum of int16 codes over constant axes.</summary>
internal sealed class Int16MeanSum : IKernel
{
    // 2^16 codes of 16 bits add up to 32 bits.
    private const int MostCodes = 1 << 16;

    private readonly Operand _input;
    private readonly Operand _output;
    private readonly Reduction _reduction;
    private readonly int[] _sums;
    private readonly Multiplier _multiplier;

    public Int16MeanSum(Node node)
    {
        (_input, _output) = (node.Input(0, TensorType.Int16), node.Output(TensorType.Int16));
        node.Require(_input.ZeroPoint == 0 && _output.ZeroPoint == 0, "needs symmetric codes");
        _reduction = new Reduction(node, _input, _output);
        node.Require(_reduction.Count <= MostCodes, $"adds {_reduction.Count} codes, more than 32 bits hold");
        _sums = new int[_output.Count];
        var multiplier = Multiplier.Of((double)_input.Scale / _output.Scale);
        _multiplier = node.Code == BuiltinOperator.Mean ? multiplier.DividedBy(_reduction.Count) : multiplier;
    }

    public void Run()
    {
        Array.Clear(_sums);
        var codes = _input.Int16;
        var (length, step) = (_reduction.RowLength, _reduction.RowStep);
        var at = 0;
        foreach (var row in _reduction.Rows)
        {
            var target = row;
            for (var i = 0; i < length; i++, target += step)
                _sums[target] += codes[at++];
        }

        Int16Blocks.Scale(_multiplier, _sums);
        Int16Blocks.Narrow(_sums, CodeRange.Int16, _output.Int16);
    }
}

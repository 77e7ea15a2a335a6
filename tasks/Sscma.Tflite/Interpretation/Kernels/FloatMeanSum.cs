namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Mean or sum of float32 values over constant axes.</summary>
internal sealed class FloatMeanSum : IKernel
{
    private readonly Operand _input;
    private readonly Operand _output;
    private readonly Reduction _reduction;
    private readonly float _divisor;

    public FloatMeanSum(Node node)
    {
        (_input, _output) = (node.Input(0, TensorType.Float32), node.Output(TensorType.Float32));
        _reduction = new Reduction(node, _input, _output);
        _divisor = node.Code == BuiltinOperator.Mean ? _reduction.Count : 1;
    }

    public void Run()
    {
        var values = _input.Floats;
        var output = _output.Floats;
        output.Clear();
        var at = 0;
        foreach (var row in _reduction.Rows)
        {
            if (_reduction.RowStep == 1)
            {
                FloatSpans.Add(values.Slice(at, _reduction.RowLength), output.Slice(row, _reduction.RowLength));
                at += _reduction.RowLength;
                continue;
            }

            for (var i = 0; i < _reduction.RowLength; i++)
                output[row] += values[at++];
        }

        for (var i = 0; i < output.Length; i++)
            output[i] /= _divisor;
    }
}

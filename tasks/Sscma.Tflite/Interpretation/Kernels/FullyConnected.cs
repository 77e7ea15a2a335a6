namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Matrix product of int8 codes: input (…, In), weights (Out, In), output (…, Out).</summary>
internal sealed class FullyConnected : IKernel
{
    private readonly Operand _input;
    private readonly Operand _weights;
    private readonly Operand _output;
    private readonly int[] _bias;
    private readonly Multiplier[] _multipliers;
    private readonly int _inputZero;
    private readonly int _outputZero;
    private readonly CodeRange _range;

    public FullyConnected(Node node)
    {
        var options = node.Options<FullyConnectedOptions>();
        _input = node.Input(0, TensorType.Int8);
        _weights = node.Input(1, TensorType.Int8);
        _output = node.Output(TensorType.Int8);
        node.Require(options.WeightsFormat == 0, "has weights in an unknown order");
        node.Require(_weights is { Rank: 2, IsConstant: true } && _weights.Count > 0, "needs constant weights of rank 2");
        var (outputs, inputs) = (_weights.Shape[0], _weights.Shape[1]);
        node.Require(
            _input.Count % inputs == 0 && _output.Count == _input.Count / inputs * outputs,
            $"has shapes {_input.ShapeText}, {_weights.ShapeText}, {_output.ShapeText} that do not fit");

        var scales = _weights.Scales;
        node.Require(scales.Length == 1 || scales.Length == outputs, $"has {scales.Length} weight scales for {outputs} outputs");
        _multipliers = [.. Enumerable.Range(0, outputs).Select(o => Multiplier.Of((double)_input.Scale * scales[scales.Length == 1 ? 0 : o] / _output.Scale))];
        var bias = node.Optional(2);
        node.Require(bias is null or { Type: TensorType.Int32, IsConstant: true } && (bias is null || bias.Count == outputs), "needs a constant int32 bias for each output");
        _bias = bias is null ? new int[outputs] : bias.Int32.ToArray();
        (_inputZero, _outputZero) = (_input.ZeroPoint, _output.ZeroPoint);
        _range = CodeRange.Of(options.Activation, _output, node);
    }

    public void Run()
    {
        var (outputs, inputs) = (_weights.Shape[0], _weights.Shape[1]);
        var output = _output.Int8;
        for (var i = 0; i < output.Length; i++)
        {
            var o = i % outputs;
            var codes = _input.Int8.Slice(i / outputs * inputs, inputs);
            var row = _weights.Int8.Slice(o * inputs, inputs);
            var sum = _bias[o];
            for (var k = 0; k < inputs; k++)
                sum += (codes[k] - _inputZero) * row[k];
            output[i] = _range.Clamp(_multipliers[o].Apply(sum) + _outputZero);
        }
    }
}

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Convolution of float32 values. Input (N, H, W, C), weights (Cout, Kh, Kw, C), output (N, H', W', Cout).</summary>
internal sealed class FloatConv2D : IKernel
{
    private readonly Operand _input;
    private readonly Operand _weights;
    private readonly Operand? _bias;
    private readonly Operand _output;
    private readonly Window _rows;
    private readonly Window _columns;
    private readonly (float Lowest, float Highest) _range;

    public FloatConv2D(Node node)
    {
        var options = node.Options<ConvOptions>();
        (_input, _weights, _output) = (node.Input(0, TensorType.Float32), node.Input(1, TensorType.Float32), node.Output(TensorType.Float32));
        node.Require(_input.Rank == 4 && _weights.Rank == 4 && _input.Shape[3] == _weights.Shape[3], $"has weights {_weights.ShapeText} over an input {_input.ShapeText}");
        _rows = Window.Of(node, options.Padding, _input.Shape[1], _weights.Shape[1], options.StrideHeight, options.DilationHeight);
        _columns = Window.Of(node, options.Padding, _input.Shape[2], _weights.Shape[2], options.StrideWidth, options.DilationWidth);
        node.RequireShape(_output, _input.Shape[0], _rows.Output, _columns.Output, _weights.Shape[0]);
        _bias = node.Optional(2);
        node.Require(_bias is null || (_bias.Type == TensorType.Float32 && _bias.Count == _weights.Shape[0]), "needs a float32 bias for each channel");
        _range = CodeRange.Floats(options.Activation, node);
    }

    public void Run()
    {
        var output = _output.Floats;
        for (var i = 0; i < output.Length; i++)
        {
            var (position, c) = Math.DivRem(i, _output.Shape[3]);
            (position, var x) = Math.DivRem(position, _columns.Output);
            var (batch, y) = Math.DivRem(position, _rows.Output);
            output[i] = Math.Clamp(SumAt(batch, y, x, c) + (_bias is null ? 0 : _bias.Floats[c]), _range.Lowest, _range.Highest);
        }
    }

    private float SumAt(int batch, int y, int x, int c)
    {
        var depth = _input.Shape[3];
        var (firstRow, endRow) = _rows.TapsInside(y);
        var (firstColumn, endColumn) = _columns.TapsInside(x);
        var sum = 0f;
        for (var row = firstRow; row < endRow; row++)
        {
            var inputY = _rows.Start(y) + (row * _rows.Dilation);
            for (var column = firstColumn; column < endColumn; column++)
            {
                var inputX = _columns.Start(x) + (column * _columns.Dilation);
                var values = _input.Floats.Slice(((((batch * _rows.Input) + inputY) * _columns.Input) + inputX) * depth, depth);
                var filter = _weights.Floats.Slice(((((c * _rows.Kernel) + row) * _columns.Kernel) + column) * depth, depth);
                for (var k = 0; k < depth; k++)
                    sum += values[k] * filter[k];
            }
        }

        return sum;
    }
}

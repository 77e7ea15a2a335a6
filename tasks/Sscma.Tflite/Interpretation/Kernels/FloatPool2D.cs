namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Maximum or mean of the float32 values of a window.</summary>
internal sealed class FloatPool2D : IKernel
{
    private readonly PoolSetup _setup;
    private readonly bool _maximum;
    private readonly (float Lowest, float Highest) _range;

    public FloatPool2D(Node node)
    {
        _setup = new PoolSetup(node, TensorType.Float32, Position);
        _maximum = node.Code == BuiltinOperator.MaxPool2D;
        _range = CodeRange.Floats(node.Options<PoolOptions>().Activation, node);
    }

    public void Run() => _setup.Visit();

    private void Position(int at, int batch, (int First, int End) rows, (int First, int End) columns)
    {
        var count = (rows.End - rows.First) * (columns.End - columns.First);
        for (var c = 0; c < _setup.Channels; c++)
        {
            var result = _maximum ? float.NegativeInfinity : 0;
            for (var y = rows.First; y < rows.End; y++)
            {
                for (var x = columns.First; x < columns.End; x++)
                {
                    var value = _setup.Input.Floats[_setup.InputAt(batch, y, x) + c];
                    result = _maximum ? Math.Max(result, value) : result + value;
                }
            }

            _setup.Output.Floats[at + c] = Math.Clamp(_maximum ? result : result / count, _range.Lowest, _range.Highest);
        }
    }
}

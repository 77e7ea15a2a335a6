namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// Convolution of int8 codes, plain: the definition. Input (N, H, W, C), weights (Cout, Kh, Kw, C / groups), output (N, H', W', Cout).
/// </summary>
internal sealed class Conv2D(ConvSetup setup) : IKernel
{
    private readonly ConvSetup _setup = setup;

    public void Run()
    {
        var output = _setup.Output.Int8;
        var (rows, columns, channels) = (_setup.Rows.Output, _setup.Columns.Output, _setup.OutputChannels);
        var i = 0;
        for (var batch = 0; batch < _setup.Batches; batch++)
        {
            for (var y = 0; y < rows; y++)
            {
                for (var x = 0; x < columns; x++)
                {
                    for (var c = 0; c < channels; c++)
                        output[i++] = OutputAt(batch, y, x, c);
                }
            }
        }
    }

    private sbyte OutputAt(int batch, int y, int x, int c)
    {
        var input = _setup.Input.Int8;
        var weights = _setup.Weights.Int8;
        var depth = _setup.FilterChannels;
        var group = c / (_setup.OutputChannels / (_setup.InputChannels / depth));
        var (firstRow, endRow) = _setup.Rows.TapsInside(y);
        var (firstColumn, endColumn) = _setup.Columns.TapsInside(x);

        // |code - zero point| ≤ 255 and |weight| ≤ 128: a product has 15 bits, so 32 bits hold 2^16 of them.
        var sum = 0;
        for (var row = firstRow; row < endRow; row++)
        {
            var inputY = _setup.Rows.Start(y) + (row * _setup.Rows.Dilation);
            for (var column = firstColumn; column < endColumn; column++)
            {
                var inputX = _setup.Columns.Start(x) + (column * _setup.Columns.Dilation);
                var at = ((((batch * _setup.Rows.Input) + inputY) * _setup.Columns.Input) + inputX) * _setup.InputChannels;
                var codes = input.Slice(at + (group * depth), depth);
                var filter = weights.Slice(((((c * _setup.Rows.Kernel) + row) * _setup.Columns.Kernel) + column) * depth, depth);
                for (var k = 0; k < depth; k++)
                    sum += (codes[k] - _setup.InputZero) * filter[k];
            }
        }

        return _setup.Range.Clamp(_setup.Multipliers[c].Apply(sum + _setup.Bias[c]) + _setup.OutputZero);
    }
}

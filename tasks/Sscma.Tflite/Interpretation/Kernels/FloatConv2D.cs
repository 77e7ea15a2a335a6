namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Convolution of float32 values, plain: the definition. Input (N, H, W, C), weights (Cout, Kh, Kw, C / groups), output (N, H', W', Cout).</summary>
internal sealed class FloatConv2D(FloatConvSetup setup) : IKernel
{
    private readonly FloatConvSetup _setup = setup;

    public void Run()
    {
        var output = _setup.Output.Floats;
        for (var i = 0; i < output.Length; i++)
        {
            var (position, c) = Math.DivRem(i, _setup.OutputChannels);
            (position, var x) = Math.DivRem(position, _setup.Columns.Output);
            var (batch, y) = Math.DivRem(position, _setup.Rows.Output);
            output[i] = Math.Clamp(SumAt(batch, y, x, c) + _setup.BiasOf(c), _setup.Range.Lowest, _setup.Range.Highest);
        }
    }

    private float SumAt(int batch, int y, int x, int c)
    {
        var (rows, columns, depth) = (_setup.Rows, _setup.Columns, _setup.FilterChannels);
        var group = c / (_setup.OutputChannels / (_setup.InputChannels / depth));
        var (firstRow, endRow) = rows.TapsInside(y);
        var (firstColumn, endColumn) = columns.TapsInside(x);
        var sum = 0f;
        for (var row = firstRow; row < endRow; row++)
        {
            var inputY = rows.Start(y) + (row * rows.Dilation);
            for (var column = firstColumn; column < endColumn; column++)
            {
                var inputX = columns.Start(x) + (column * columns.Dilation);
                var at = ((((batch * rows.Input) + inputY) * columns.Input) + inputX) * _setup.InputChannels;
                var values = _setup.Input.Floats.Slice(at + (group * depth), depth);
                var filter = _setup.Weights.Floats.Slice(((((c * rows.Kernel) + row) * columns.Kernel) + column) * depth, depth);
                for (var k = 0; k < depth; k++)
                    sum += values[k] * filter[k];
            }
        }

        return sum;
    }
}

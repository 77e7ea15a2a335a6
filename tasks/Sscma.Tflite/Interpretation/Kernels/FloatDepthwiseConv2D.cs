namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// Depthwise convolution of float32 values, plain: the definition. Input (N, H, W, C), weights (1, Kh, Kw, C * multiplier), output (N, H', W', C * multiplier).
/// </summary>
internal sealed class FloatDepthwiseConv2D(FloatConvSetup setup) : IKernel
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
        var (rows, columns, inputs, outputs) = (_setup.Rows, _setup.Columns, _setup.InputChannels, _setup.OutputChannels);
        var inputChannel = c / (outputs / inputs);
        var (firstRow, endRow) = rows.TapsInside(y);
        var (firstColumn, endColumn) = columns.TapsInside(x);
        var sum = 0f;
        for (var row = firstRow; row < endRow; row++)
        {
            var inputY = rows.Start(y) + (row * rows.Dilation);
            for (var column = firstColumn; column < endColumn; column++)
            {
                var inputX = columns.Start(x) + (column * columns.Dilation);
                sum += _setup.Input.Floats[(((((batch * rows.Input) + inputY) * columns.Input) + inputX) * inputs) + inputChannel]
                    * _setup.Weights.Floats[(((row * columns.Kernel) + column) * outputs) + c];
            }
        }

        return sum;
    }
}

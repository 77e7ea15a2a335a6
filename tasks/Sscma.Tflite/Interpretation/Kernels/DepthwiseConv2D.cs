using System.Numerics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// Depthwise convolution of int8 or int16 codes, plain: the definition. Input (N, H, W, C), weights (1, Kh, Kw, C * multiplier), output (N, H', W', C * multiplier).
/// </summary>
/// <typeparam name="T">The codes' type.</typeparam>
internal sealed class DepthwiseConv2D<T>(ConvSetup setup) : IKernel
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly ConvSetup _setup = setup;

    public void Run()
    {
        var output = _setup.Output.Elements<T>();
        var (rows, columns, channels) = (_setup.Rows.Output, _setup.Columns.Output, _setup.OutputChannels);
        var i = 0;
        for (var batch = 0; batch < _setup.Batches; batch++)
        {
            for (var y = 0; y < rows; y++)
            {
                for (var x = 0; x < columns; x++)
                {
                    for (var c = 0; c < channels; c++)
                        output[i++] = T.CreateTruncating(_setup.CodeOf(c, SumAt(batch, y, x, c)));
                }
            }
        }
    }

    private long SumAt(int batch, int y, int x, int c)
    {
        var input = _setup.Input.Elements<T>();
        var weights = _setup.Weights.Int8;
        var inputChannel = c / (_setup.OutputChannels / _setup.InputChannels);
        var (firstRow, endRow) = _setup.Rows.TapsInside(y);
        var (firstColumn, endColumn) = _setup.Columns.TapsInside(x);

        // The range argument of Conv2D, with far fewer products.
        var sum = 0L;
        for (var row = firstRow; row < endRow; row++)
        {
            var inputY = _setup.Rows.Start(y) + (row * _setup.Rows.Dilation);
            for (var column = firstColumn; column < endColumn; column++)
            {
                var inputX = _setup.Columns.Start(x) + (column * _setup.Columns.Dilation);
                var code = input[(((((batch * _setup.Rows.Input) + inputY) * _setup.Columns.Input) + inputX) * _setup.InputChannels) + inputChannel];
                sum += (int.CreateTruncating(code) - _setup.InputZero) * weights[(((row * _setup.Columns.Kernel) + column) * _setup.OutputChannels) + c];
            }
        }

        return sum;
    }
}

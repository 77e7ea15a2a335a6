using System.Numerics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// Convolution or matrix product of int8 or int16 codes, plain: the definition. Input (N, H, W, C), weights (Cout, Kh, Kw, C / groups), output (N, H', W', Cout).
/// </summary>
/// <typeparam name="T">The codes' type.</typeparam>
internal sealed class Conv2D<T>(ConvSetup setup) : IKernel
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
        var depth = _setup.FilterChannels;
        var group = c / (_setup.OutputChannels / (_setup.InputChannels / depth));
        var (firstRow, endRow) = _setup.Rows.TapsInside(y);
        var (firstColumn, endColumn) = _setup.Columns.TapsInside(x);

        // |code - zero point| ≤ 255 or 2^15, and |weight| ≤ 128: a product has up to 22 bits, so 64 bits hold 2^41 of them. Where sums have 32 bits
        // in the reference, they are cut to these at the end, which is the same; they hold 2^16 products of int8 codes and 2^9 of int16 ones.
        var sum = 0L;
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
                    sum += (int.CreateTruncating(codes[k]) - _setup.InputZero) * filter[k];
            }
        }

        return sum;
    }
}

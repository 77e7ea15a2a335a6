namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Bilinear resize of int8 codes, with positions in 1/1024 of a pixel.</summary>
internal sealed class ResizeBilinear : IKernel
{
    private const int One = 1 << 10;

    private readonly ResizeSetup _setup;
    private readonly Tap[] _rows;
    private readonly Tap[] _columns;

    public ResizeBilinear(Node node)
    {
        var options = node.Options<ResizeBilinearOptions>();
        _setup = new ResizeSetup(node, options.AlignCorners, options.HalfPixelCenters);
        _rows = Taps(_setup.Input.Shape[1], _setup.Output.Shape[1]);
        _columns = Taps(_setup.Input.Shape[2], _setup.Output.Shape[2]);
    }

    public void Run()
    {
        var input = _setup.Input.Int8;
        var output = _setup.Output.Int8;
        var channels = _setup.Channels;
        var rowLength = _setup.Input.Shape[2] * channels;
        var at = 0;
        for (var batch = 0; batch < _setup.Input.Shape[0]; batch++)
        {
            var image = input.Slice(batch * _setup.Input.Shape[1] * rowLength, _setup.Input.Shape[1] * rowLength);
            foreach (var row in _rows)
            {
                var upper = image.Slice(row.Low * rowLength, rowLength);
                var lower = image.Slice(row.High * rowLength, rowLength);
                foreach (var column in _columns)
                {
                    var (left, right) = (column.Low * channels, column.High * channels);
                    for (var c = 0; c < channels; c++)
                        output[at++] = Mix(upper[left + c], upper[right + c], lower[left + c], lower[right + c], row.Fraction, column.Fraction);
                }
            }
        }
    }

    // Weights have 20 bits, codes 8: the sum in Q20 is rounded half away from zero.
    private static sbyte Mix(int upperLeft, int upperRight, int lowerLeft, int lowerRight, long down, long right)
    {
        var sum = (((upperLeft * (One - right)) + (upperRight * right)) * (One - down)) + (((lowerLeft * (One - right)) + (lowerRight * right)) * down);
        return (sbyte)((sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20));
    }

    private Tap[] Taps(int input, int output)
    {
        var align = _setup.AlignCorners && output > 1;
        var scale = align ? ((One * (input - 1)) + ((output - 1) / 2)) / (output - 1) : ((One * input) + (output / 2)) / output;
        var taps = new Tap[output];
        for (var i = 0; i < output; i++)
        {
            var position = _setup.HalfPixelCenters ? (i * scale) + (scale / 2) - (One / 2) : i * scale;
            var low = Math.Clamp(position / One, 0, input - 1);
            var high = Math.Clamp((position + One - 1) / One, 0, input - 1);
            taps[i] = new Tap(low, high, position - (One * low));
        }

        return taps;
    }

    private readonly record struct Tap(int Low, int High, int Fraction);
}

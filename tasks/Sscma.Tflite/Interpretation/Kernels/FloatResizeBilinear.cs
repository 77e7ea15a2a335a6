namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Bilinear resize of float32 values.</summary>
internal sealed class FloatResizeBilinear : IKernel
{
    private readonly ResizeSetup _setup;
    private readonly Tap[] _rows;
    private readonly Tap[] _columns;

    public FloatResizeBilinear(Node node)
    {
        var options = node.Options<ResizeBilinearOptions>();
        _setup = new ResizeSetup(node, options.AlignCorners, options.HalfPixelCenters);
        _rows = Taps(_setup.Input.Shape[1], _setup.Output.Shape[1]);
        _columns = Taps(_setup.Input.Shape[2], _setup.Output.Shape[2]);
    }

    public void Run()
    {
        var input = _setup.Input.Floats;
        var output = _setup.Output.Floats;
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
                    {
                        var above = (upper[left + c] * (1 - column.Fraction)) + (upper[right + c] * column.Fraction);
                        var below = (lower[left + c] * (1 - column.Fraction)) + (lower[right + c] * column.Fraction);
                        output[at++] = (above * (1 - row.Fraction)) + (below * row.Fraction);
                    }
                }
            }
        }
    }

    private Tap[] Taps(int input, int output)
    {
        var scale = _setup.AlignCorners && output > 1 ? (input - 1) / (float)(output - 1) : input / (float)output;
        var taps = new Tap[output];
        for (var i = 0; i < output; i++)
        {
            var position = _setup.HalfPixelCenters ? ((i + 0.5f) * scale) - 0.5f : i * scale;
            var low = Math.Clamp((int)MathF.Floor(position), 0, input - 1);
            var high = Math.Clamp((int)MathF.Ceiling(position), 0, input - 1);
            taps[i] = new Tap(low, high, position - low);
        }

        return taps;
    }

    private readonly record struct Tap(int Low, int High, float Fraction);
}

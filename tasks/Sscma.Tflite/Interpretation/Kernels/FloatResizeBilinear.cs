using System.Numerics;

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
                    Mix(upper.Slice(left, channels), upper.Slice(right, channels), lower.Slice(left, channels), lower.Slice(right, channels), column.Fraction, row.Fraction, output.Slice(at, channels));
                    at += channels;
                }
            }
        }
    }

    // Vectors as far as whole ones go, with the roundings of single values.
    private static void Mix(
        ReadOnlySpan<float> upperLeft, ReadOnlySpan<float> upperRight, ReadOnlySpan<float> lowerLeft, ReadOnlySpan<float> lowerRight, float right, float low, Span<float> output)
    {
        var (left, high, c) = (1 - right, 1 - low, 0);
        for (; c <= output.Length - Vector<float>.Count; c += Vector<float>.Count)
        {
            var above = (new Vector<float>(upperLeft[c..]) * left) + (new Vector<float>(upperRight[c..]) * right);
            var below = (new Vector<float>(lowerLeft[c..]) * left) + (new Vector<float>(lowerRight[c..]) * right);
            ((above * high) + (below * low)).CopyTo(output[c..]);
        }

        for (; c < output.Length; c++)
        {
            var above = (upperLeft[c] * left) + (upperRight[c] * right);
            var below = (lowerLeft[c] * left) + (lowerRight[c] * right);
            output[c] = (above * high) + (below * low);
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

using System.Numerics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// Bilinear resize of int8 or int16 codes, with positions in 1/1024 of a pixel. TensorFlow Lite Micro has none for 16 bits: there it is
/// TensorFlow Lite 2.9's, which computes as for 8 bits.
/// </summary>
/// <typeparam name="T">The codes' type.</typeparam>
internal sealed class ResizeBilinear<T> : IKernel, IParts
    where T : unmanaged, IBinaryInteger<T>
{
    private const int One = 1 << 10;

    private readonly Cut _cut;
    private readonly ResizeSetup _setup;
    private readonly Tap[] _rows;
    private readonly Tap[] _columns;

    public ResizeBilinear(Node node)
    {
        var options = node.Options<ResizeBilinearOptions>();
        _setup = new ResizeSetup(node, options.AlignCorners, options.HalfPixelCenters);
        _rows = Taps(_setup.Input.Shape[1], _setup.Output.Shape[1]);
        _columns = Taps(_setup.Input.Shape[2], _setup.Output.Shape[2]);
        _cut = new Cut(_setup.Output.Shape[0] * _rows.Length, 3.0 * _setup.Output.Count, node.Workspace.Crew);
    }

    public void Run() => _cut.Run(this);

    public void RunPart(int part, int worker)
    {
        var (first, end) = _cut[part];
        var input = _setup.Input.Elements<T>();
        var output = _setup.Output.Elements<T>();
        var channels = _setup.Channels;
        var rowLength = _setup.Input.Shape[2] * channels;
        var at = first * _columns.Length * channels;
        for (var y = first; y < end; y++)
        {
            var (batch, of) = Math.DivRem(y, _rows.Length);
            var row = _rows[of];
            var image = input.Slice(batch * _setup.Input.Shape[1] * rowLength, _setup.Input.Shape[1] * rowLength);
            var upper = image.Slice(row.Low * rowLength, rowLength);
            var lower = image.Slice(row.High * rowLength, rowLength);
            foreach (var column in _columns)
            {
                var (left, right) = (column.Low * channels, column.High * channels);
                for (var c = 0; c < channels; c++)
                    output[at++] = T.CreateTruncating(Mix(Code(upper[left + c]), Code(upper[right + c]), Code(lower[left + c]), Code(lower[right + c]), row.Fraction, column.Fraction));
            }
        }
    }

    private static int Code(T code) => int.CreateTruncating(code);

    // Weights have 20 bits, codes up to 16: the sum in Q20 is rounded half away from zero.
    private static int Mix(int upperLeft, int upperRight, int lowerLeft, int lowerRight, long down, long right)
    {
        var sum = (((upperLeft * (One - right)) + (upperRight * right)) * (One - down)) + (((lowerLeft * (One - right)) + (lowerRight * right)) * down);
        return (int)((sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20));
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

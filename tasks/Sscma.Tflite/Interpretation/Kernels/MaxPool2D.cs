using System.Numerics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Maximum of the codes or floats of a window. Codes are compared as they are: converters must see to equal quantizations.</summary>
/// <typeparam name="T">The elements' type.</typeparam>
internal sealed class MaxPool2D<T> : IKernel
    where T : unmanaged, INumber<T>
{
    private readonly PoolSetup _setup;
    private readonly T _lowest;
    private readonly T _highest;

    public MaxPool2D(Node node)
    {
        _setup = new PoolSetup(node, node.Output().Type, Position);
        var activation = node.Options<PoolOptions>().Activation;
        if (_setup.Output.Type == TensorType.Float32)
        {
            var (lowest, highest) = CodeRange.Floats(activation, node);
            (_lowest, _highest) = (T.CreateTruncating(lowest), T.CreateTruncating(highest));
            return;
        }

        var range = CodeRange.Of(activation, _setup.Output, node);
        (_lowest, _highest) = (T.CreateTruncating(range.Lowest), T.CreateTruncating(range.Highest));
    }

    public void Run() => _setup.Visit();

    private void Position(int at, int batch, (int First, int End) rows, (int First, int End) columns)
    {
        var channels = _setup.Channels;
        var best = _setup.Output.Elements<T>().Slice(at, channels);
        if (rows.First >= rows.End || columns.First >= columns.End)
        {
            best.Fill(T.Min(_lowest, _highest));
            return;
        }

        // From the first pixel of the window to the last.
        var window = _setup.Input.Elements<T>()[_setup.InputAt(batch, rows.First, columns.First).._setup.InputAt(batch, rows.End - 1, columns.End)];
        var (height, width, rowStep) = (rows.End - rows.First, (columns.End - columns.First) * channels, _setup.Columns.Input * channels);
        var c = 0;
        for (; c <= channels - Vector<T>.Count; c += Vector<T>.Count)
        {
            var highest = new Vector<T>(_lowest);
            for (var y = 0; y < height; y++)
            {
                for (var i = (y * rowStep) + c; i < (y * rowStep) + width; i += channels)
                    highest = Vector.Max(highest, Vector.LoadUnsafe(in window[i]));
            }

            Vector.Min(highest, new Vector<T>(_highest)).CopyTo(best[c..]);
        }

        for (; c < channels; c++)
        {
            best[c] = _lowest;
            for (var y = 0; y < height; y++)
            {
                for (var i = (y * rowStep) + c; i < (y * rowStep) + width; i += channels)
                    best[c] = T.Max(best[c], window[i]);
            }

            best[c] = T.Min(best[c], _highest);
        }
    }
}

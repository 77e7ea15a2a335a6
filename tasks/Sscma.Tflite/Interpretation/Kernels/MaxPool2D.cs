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
        best.Fill(_lowest);
        for (var y = rows.First; y < rows.End; y++)
        {
            var row = _setup.Input.Elements<T>()[_setup.InputAt(batch, y, columns.First).._setup.InputAt(batch, y, columns.End)];
            for (var i = 0; i < row.Length; i += channels)
                Raise(best, row.Slice(i, channels));
        }

        for (var c = 0; c < channels; c++)
            best[c] = T.Min(best[c], _highest);
    }

    private static void Raise(Span<T> best, ReadOnlySpan<T> codes)
    {
        var c = 0;
        for (; c <= best.Length - Vector<T>.Count; c += Vector<T>.Count)
            Vector.Max(new Vector<T>(best[c..]), new Vector<T>(codes[c..])).CopyTo(best[c..]);
        for (; c < best.Length; c++)
            best[c] = T.Max(best[c], codes[c]);
    }
}

using System.Numerics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Maximum of the codes of a window. Codes are compared as they are: converters must see to equal quantizations.</summary>
internal sealed class MaxPool2D : IKernel
{
    private readonly PoolSetup _setup;
    private readonly CodeRange _range;

    public MaxPool2D(Node node)
    {
        _setup = new PoolSetup(node, TensorType.Int8, Position);
        _range = CodeRange.Of(node.Options<PoolOptions>().Activation, _setup.Output, node);
    }

    public void Run() => _setup.Visit();

    private void Position(int at, int batch, (int First, int End) rows, (int First, int End) columns)
    {
        var channels = _setup.Channels;
        var best = _setup.Output.Int8.Slice(at, channels);
        best.Fill((sbyte)_range.Lowest);
        for (var y = rows.First; y < rows.End; y++)
        {
            var row = _setup.Input.Int8[_setup.InputAt(batch, y, columns.First).._setup.InputAt(batch, y, columns.End)];
            for (var i = 0; i < row.Length; i += channels)
                Raise(best, row.Slice(i, channels));
        }

        var highest = (sbyte)_range.Highest;
        for (var c = 0; c < channels; c++)
            best[c] = Math.Min(best[c], highest);
    }

    private static void Raise(Span<sbyte> best, ReadOnlySpan<sbyte> codes)
    {
        var c = 0;
        for (; c <= best.Length - Vector<sbyte>.Count; c += Vector<sbyte>.Count)
            Vector.Max(new Vector<sbyte>(best[c..]), new Vector<sbyte>(codes[c..])).CopyTo(best[c..]);
        for (; c < best.Length; c++)
            best[c] = Math.Max(best[c], codes[c]);
    }
}

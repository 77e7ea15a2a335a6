using System.Numerics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Maximum of the codes of a window. Codes are compared as they are: converters must see to equal quantizations.</summary>
internal sealed class MaxPool2D : IKernel
{
    private readonly PoolSetup _setup;
    private readonly CodeRange _range;
    // Made once: a run allocates nothing.
    private readonly PoolSetup.Visitor _position;
    private int _at;

    public MaxPool2D(Node node)
    {
        _setup = new PoolSetup(node, TensorType.Int8);
        _position = Position;
        _range = CodeRange.Of(node.Options<PoolOptions>().Activation, _setup.Output, node);
    }

    public void Run()
    {
        _at = 0;
        _setup.Visit(_position);
    }

    private void Position(int batch, (int First, int End) rows, (int First, int End) columns)
    {
        var channels = _setup.Channels;
        var best = _setup.Output.Int8.Slice(_at, channels);
        best.Fill((sbyte)_range.Lowest);
        for (var y = rows.First; y < rows.End; y++)
        {
            var row = _setup.Input.Int8[_setup.InputAt(batch, y, columns.First).._setup.InputAt(batch, y, columns.End)];
            for (var at = 0; at < row.Length; at += channels)
                Raise(best, row.Slice(at, channels));
        }

        var highest = (sbyte)_range.Highest;
        for (var c = 0; c < channels; c++)
            best[c] = Math.Min(best[c], highest);
        _at += channels;
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

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Mean of the codes of a window, rounded half away from zero. Codes are averaged as they are: converters must see to equal quantizations.</summary>
internal sealed class AveragePool2D : IKernel
{
    private readonly PoolSetup _setup;
    private readonly CodeRange _range;
    private readonly int[] _sums;
    // Made once: a run allocates nothing.
    private readonly PoolSetup.Visitor _position;
    private int _at;

    public AveragePool2D(Node node)
    {
        _setup = new PoolSetup(node, TensorType.Int8);
        _position = Position;
        _range = CodeRange.Of(node.Options<PoolOptions>().Activation, _setup.Output, node);
        _sums = new int[_setup.Channels];
    }

    public void Run()
    {
        _at = 0;
        _setup.Visit(_position);
    }

    private void Position(int batch, (int First, int End) rows, (int First, int End) columns)
    {
        var channels = _setup.Channels;
        Array.Clear(_sums);
        for (var y = rows.First; y < rows.End; y++)
        {
            var row = _setup.Input.Int8[_setup.InputAt(batch, y, columns.First).._setup.InputAt(batch, y, columns.End)];
            for (var i = 0; i < row.Length; i += channels)
            {
                for (var c = 0; c < channels; c++)
                    _sums[c] += row[i + c];
            }
        }

        var count = (rows.End - rows.First) * (columns.End - columns.First);
        foreach (var sum in _sums)
            _setup.Output.Int8[_at++] = _range.Clamp((sum + (sum > 0 ? count / 2 : -(count / 2))) / count);
    }
}

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Mean of the float32 values of a window.</summary>
internal sealed class FloatAveragePool2D : IKernel
{
    private readonly PoolSetup _setup;
    private readonly (float Lowest, float Highest) _range;

    public FloatAveragePool2D(Node node)
    {
        _setup = new PoolSetup(node, TensorType.Float32, Position);
        _range = CodeRange.Floats(node.Options<PoolOptions>().Activation, node);
    }

    public void Run() => _setup.Visit();

    private void Position(int at, int batch, (int First, int End) rows, (int First, int End) columns)
    {
        var channels = _setup.Channels;
        var sums = _setup.Output.Floats.Slice(at, channels);
        sums.Clear();
        for (var y = rows.First; y < rows.End; y++)
        {
            var row = _setup.Input.Floats[_setup.InputAt(batch, y, columns.First).._setup.InputAt(batch, y, columns.End)];
            for (var i = 0; i < row.Length; i += channels)
                FloatSpans.Add(row.Slice(i, channels), sums);
        }

        var count = (rows.End - rows.First) * (columns.End - columns.First);
        for (var c = 0; c < channels; c++)
            sums[c] /= count;
        FloatSpans.Clamp(sums, _range, sums);
    }
}

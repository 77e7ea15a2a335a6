namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Nearest-neighbour resize of elements of any type.</summary>
internal sealed class ResizeNearestNeighbor : IKernel, IParts
{
    private readonly Cut _cut;
    private readonly ResizeSetup _setup;
    private readonly int[] _rows;
    private readonly int[] _columns;

    public ResizeNearestNeighbor(Node node)
    {
        var options = node.Options<ResizeNearestOptions>();
        _setup = new ResizeSetup(node, options.AlignCorners, options.HalfPixelCenters);
        _rows = Sources(_setup.Input.Shape[1], _setup.Output.Shape[1]);
        _columns = Sources(_setup.Input.Shape[2], _setup.Output.Shape[2]);
        _cut = new Cut(_setup.Output.Shape[0] * _rows.Length, (2.0 * _rows.Length * _columns.Length) + (0.05 * _setup.Output.Bytes.Length), node.Workspace.Crew);
    }

    public void Run() => _cut.Run(this);

    public void RunPart(int part, int worker)
    {
        var (first, end) = _cut[part];
        var input = _setup.Input.Bytes;
        var output = _setup.Output.Bytes;
        var pixel = _setup.Channels * _setup.Input.Type.Size();
        var (inputRow, outputRow) = (_setup.Input.Shape[2] * pixel, _columns.Length * pixel);
        for (var row = first; row < end; row++)
        {
            var (batch, y) = Math.DivRem(row, _rows.Length);
            var target = output.Slice(row * outputRow, outputRow);
            if (row > first && y > 0 && _rows[y] == _rows[y - 1])
            {
                output.Slice((row - 1) * outputRow, outputRow).CopyTo(target);
                continue;
            }

            var source = input.Slice(((batch * _setup.Input.Shape[1]) + _rows[y]) * inputRow, inputRow);
            for (var x = 0; x < _columns.Length; x++)
                source.Slice(_columns[x] * pixel, pixel).CopyTo(target[(x * pixel)..]);
        }
    }

    // The input position of each output position, in float32 as the reference computes it.
    private int[] Sources(int input, int output)
    {
        var scale = _setup.AlignCorners && output > 1 ? (input - 1) / (float)(output - 1) : input / (float)output;
        var offset = _setup.HalfPixelCenters ? 0.5f : 0f;
        var sources = new int[output];
        for (var i = 0; i < output; i++)
        {
            var position = (i + offset) * scale;
            var source = _setup.AlignCorners ? FixedPoint.Round(position) : (int)MathF.Floor(position);
            sources[i] = Math.Clamp(source, 0, input - 1);
        }

        return sources;
    }
}

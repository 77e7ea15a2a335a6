using System.Numerics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Mean of the codes of a window, rounded half away from zero. Codes are averaged as they are: converters must see to equal quantizations.</summary>
/// <typeparam name="T">The codes' type.</typeparam>
internal sealed class AveragePool2D<T> : IKernel
    where T : unmanaged, IBinaryInteger<T>
{
    // Channels whose sums are held at once.
    private const int Block = 256;

    private readonly PoolSetup _setup;
    private readonly CodeRange _range;

    public AveragePool2D(Node node)
    {
        _setup = new PoolSetup(node, node.Output().Type, Position);
        _range = CodeRange.Of(node.Options<PoolOptions>().Activation, _setup.Output, node);
    }

    public void Run() => _setup.Visit();

    private void Position(int at, int batch, (int First, int End) rows, (int First, int End) columns)
    {
        var channels = _setup.Channels;
        var count = (rows.End - rows.First) * (columns.End - columns.First);
        var half = count / 2;
        Span<int> block = stackalloc int[Math.Min(channels, Block)];
        for (var first = 0; first < channels; first += block.Length)
        {
            var sums = block[..Math.Min(block.Length, channels - first)];
            sums.Clear();
            for (var y = rows.First; y < rows.End; y++)
            {
                var row = _setup.Input.Elements<T>()[_setup.InputAt(batch, y, columns.First).._setup.InputAt(batch, y, columns.End)];
                for (var i = first; i < row.Length; i += channels)
                    Add(sums, row.Slice(i, sums.Length));
            }

            var output = _setup.Output.Elements<T>().Slice(at + first, sums.Length);
            for (var c = 0; c < sums.Length; c++)
                output[c] = T.CreateTruncating(Math.Clamp((sums[c] + (sums[c] > 0 ? half : -half)) / count, _range.Lowest, _range.Highest));
        }
    }

    private static void Add(Span<int> sums, ReadOnlySpan<T> codes)
    {
        for (var c = 0; c < sums.Length; c++)
            sums[c] += int.CreateTruncating(codes[c]);
    }
}

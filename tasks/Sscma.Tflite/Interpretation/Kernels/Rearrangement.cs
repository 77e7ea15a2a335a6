namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// Every output element is one input element, or a fill value: what Transpose, Slice, StridedSlice and Pad have in common.
/// The places are worked out once, as runs of consecutive elements.
/// </summary>
internal sealed class Rearrangement : IKernel, IParts
{
    private const int Filled = int.MinValue;
    private const int BeforeFirst = -2;
    private const int MaxElements = 1 << 25;
    private const int ShortRun = 8;

    private readonly Cut _cut;
    private readonly Operand _input;
    private readonly Operand _output;
    private readonly byte[] _fill;
    private readonly (int From, int To, int Bytes)[] _runs = [];

    // The place of each byte, when runs are too short to be worth a copy each.
    private readonly int[]? _places;

    /// <summary>Works out the runs.</summary>
    /// <param name="node">The operator, for messages.</param>
    /// <param name="input">Where elements come from.</param>
    /// <param name="output">Where they go, of the same type.</param>
    /// <param name="shape">Extents over which output elements are counted; their product is the output's number of elements.</param>
    /// <param name="source">Coordinate on axis k of the source, for coordinate i on axis k of <paramref name="shape"/>; outside the axis means fill.</param>
    /// <param name="axes">The input axis that belongs to each axis of <paramref name="shape"/>.</param>
    /// <param name="fill">The fill element.</param>
    public Rearrangement(Node node, Operand input, Operand output, int[] shape, Func<int, int, int> source, int[] axes, byte[]? fill = null)
    {
        node.Require(input.Type == output.Type, $"makes {output.Type} from {input.Type}");
        node.Require(output.Count <= MaxElements, $"moves {output.Count} elements, more than {MaxElements}");
        (_input, _output) = (input, output);
        var size = input.Type.Size();
        _fill = fill ?? new byte[size];
        var places = PlacesPerAxis(input, shape, source, axes);

        // Counted first: there may be as many runs as elements, and a list that grows holds them twice.
        var (runs, fills, last) = (0, false, BeforeFirst);
        foreach (var from in Sources(output.Count, shape, places))
        {
            runs += BeginsRun(from, last) ? 1 : 0;
            fills |= from == Filled;
            last = from;
        }

        if (size == 1 && runs > output.Count / ShortRun && !fills)
            _places = Listed(output.Count, Sources(output.Count, shape, places));
        else
            _runs = Runs(runs, size, Sources(output.Count, shape, places));
        _cut = _places is null ? new Cut(_runs.Length, (3.0 * _runs.Length) + (0.05 * output.Count * size), node.Workspace.Crew) : new Cut(_places.Length, 0.7 * _places.Length, node.Workspace.Crew);
    }

    public void Run() => _cut.Run(this);

    public void RunPart(int part, int worker)
    {
        var (first, end) = _cut[part];
        if (_places is not null)
        {
            Gather(_input.Bytes, _output.Bytes[first..end], _places.AsSpan(first..end));
            return;
        }

        var input = _input.Bytes;
        var output = _output.Bytes;
        for (var run = first; run < end; run++)
        {
            var (from, to, bytes) = _runs[run];
            if (from == Filled)
                Fill(output.Slice(to, bytes));
            else
                input.Slice(from, bytes).CopyTo(output[to..]);
        }
    }

    private static void Gather(ReadOnlySpan<byte> input, Span<byte> output, ReadOnlySpan<int> places)
    {
        for (var i = 0; i < places.Length; i++)
            output[i] = input[places[i]];
    }

    private void Fill(Span<byte> output)
    {
        if (_fill.Length == 1)
        {
            output.Fill(_fill[0]);
            return;
        }

        for (var i = 0; i < output.Length; i += _fill.Length)
            _fill.CopyTo(output[i..]);
    }

    // For each axis and coordinate: the offset in input elements, or Filled.
    private static int[][] PlacesPerAxis(Operand input, int[] shape, Func<int, int, int> source, int[] axes)
    {
        var steps = new int[input.Rank];
        var step = 1;
        for (var k = input.Rank - 1; k >= 0; k--)
            (steps[k], step) = (step, step * input.Shape[k]);
        return [.. shape.Select((extent, k) => Enumerable.Range(0, extent).Select(i => Place(k, i)).ToArray())];

        int Place(int k, int i)
        {
            var coordinate = source(k, i);
            return coordinate < 0 || coordinate >= input.Shape[axes[k]] ? Filled : coordinate * steps[axes[k]];
        }
    }

    // The input element of each output element, or Filled: row by row, of which all but the innermost axis is worked out once.
    private static IEnumerable<int> Sources(int count, int[] shape, int[][] places)
    {
        var index = new int[shape.Length];
        var innermost = places is [.., var last] ? last : [0];
        for (var i = 0; i < count; i += innermost.Length)
        {
            var row = 0;
            for (var k = 0; k < index.Length - 1 && row != Filled; k++)
                row = places[k][index[k]] is var step && step == Filled ? Filled : row + step;
            foreach (var place in innermost)
                yield return row == Filled || place == Filled ? Filled : row + place;
            for (var k = index.Length - 2; k >= 0 && ++index[k] == shape[k]; k--)
                index[k] = 0;
        }
    }

    // Of a known length, so that nothing grows.
    private static int[] Listed(int count, IEnumerable<int> sources)
    {
        var (list, at) = (new int[count], 0);
        foreach (var from in sources)
            list[at++] = from;
        return list;
    }

    private static (int From, int To, int Bytes)[] Runs(int count, int size, IEnumerable<int> sources)
    {
        var runs = new (int From, int To, int Bytes)[count];
        var (run, to, last) = (-1, 0, BeforeFirst);
        foreach (var from in sources)
        {
            if (BeginsRun(from, last))
                runs[++run] = (from == Filled ? Filled : from * size, to, 0);
            runs[run].Bytes += size;
            (to, last) = (to + size, from);
        }

        return runs;
    }

    private static bool BeginsRun(int from, int last) => from == Filled ? last != Filled : last == Filled || from != last + 1;
}

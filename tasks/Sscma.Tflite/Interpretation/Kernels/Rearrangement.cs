namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// Every output element is one input element, or a fill value: what Transpose, Slice, StridedSlice and Pad have in common.
/// The places are worked out once, as runs of consecutive elements.
/// </summary>
internal sealed class Rearrangement : IKernel, IParts
{
    private const int Filled = int.MinValue;
    private const int MaxElements = 1 << 25;
    private const int ShortRun = 8;

    private readonly Crew _crew;
    private readonly Cut _cut;
    private readonly Operand _input;
    private readonly Operand _output;
    private readonly byte[] _fill;
    private readonly List<(int From, int To, int Bytes)> _runs = [];

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
        for (var i = 0; i < output.Count; i++)
        {
            var from = PlaceOf(i, shape, places);
            Append(from == Filled ? Filled : from * size, i * size, size);
        }

        if (size == 1 && _runs.Count > output.Count / ShortRun && _runs.TrueForAll(run => run.From != Filled))
            _places = [.. _runs.SelectMany(run => Enumerable.Range(run.From, run.Bytes))];
        _crew = node.Workspace.Crew;
        _cut = _places is null ? new Cut(_runs.Count, (3.0 * _runs.Count) + (0.05 * output.Count * size), _crew.Size) : new Cut(_places.Length, 0.7 * _places.Length, _crew.Size);
    }

    public void Run() => _crew.Run(_cut.Count, this);

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

    private static int PlaceOf(int element, int[] shape, int[][] places)
    {
        var place = 0;
        for (var k = shape.Length - 1; k >= 0; k--)
        {
            (element, var coordinate) = Math.DivRem(element, shape[k]);
            if (places[k][coordinate] == Filled)
                return Filled;
            place += places[k][coordinate];
        }

        return place;
    }

    private void Append(int from, int to, int bytes)
    {
        if (_runs.Count > 0 && _runs[^1] is var last && (from == Filled ? last.From == Filled : last.From != Filled && last.From + last.Bytes == from))
            _runs[^1] = last with { Bytes = last.Bytes + bytes };
        else
            _runs.Add((from, to, bytes));
    }
}

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// Every output element is one input element, or a fill value: what Transpose, Slice, StridedSlice and Pad have in common.
/// The places are worked out once, as runs of consecutive elements.
/// </summary>
internal sealed class Rearrangement : IKernel
{
    private const int Filled = -1;
    private const int MaxElements = 1 << 25;

    private readonly byte[] _input;
    private readonly byte[] _output;
    private readonly List<(int From, int To, int Bytes)> _runs = [];

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
        (_input, _output) = (input.Bytes, output.Bytes);
        var size = input.Type.Size();
        var places = PlacesPerAxis(input, shape, source, axes);
        for (var i = 0; i < output.Count; i++)
        {
            var from = PlaceOf(i, shape, places);
            if (from == Filled)
                (fill ?? new byte[size]).CopyTo(_output, i * size); // Nothing else writes there: once is enough.
            else
                Append(from * size, i * size, size);
        }
    }

    public void Run()
    {
        foreach (var (from, to, bytes) in _runs)
            _input.AsSpan(from, bytes).CopyTo(_output.AsSpan(to));
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
        if (_runs.Count > 0 && _runs[^1] is var last && last.From + last.Bytes == from && last.To + last.Bytes == to)
            _runs[^1] = last with { Bytes = last.Bytes + bytes };
        else
            _runs.Add((from, to, bytes));
    }
}

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Which output element each input element is added to, for a mean or a sum over constant axes.</summary>
internal sealed class Reduction
{
    // No network reduces that many rows; a hostile file may.
    private const int MostRows = 1 << 24;

    private readonly int[] _targets;

    public Reduction(Node node, Operand input, Operand output)
    {
        var rank = input.Rank;
        var reduced = new bool[rank];
        foreach (var axis in node.Numbers(1))
            reduced[node.Axis(axis, rank)] = true;
        var keep = node.Options<ReducerOptions>().KeepDimensions;
        node.RequireShape(output, [.. Enumerable.Range(0, rank).Where(k => keep || !reduced[k]).Select(k => reduced[k] ? 1 : input.Shape[k])]);

        // Steps in the output for each input axis; the innermost axis is walked as one row.
        var steps = new int[rank];
        var step = 1;
        for (var k = rank - 1; k >= 0; k--)
        {
            steps[k] = reduced[k] ? 0 : step;
            step *= reduced[k] ? 1 : input.Shape[k];
            Count *= reduced[k] ? input.Shape[k] : 1;
        }

        node.Require(Count > 0, "reduces an empty axis");
        RowLength = rank == 0 ? 1 : input.Shape[^1];
        RowStep = rank == 0 ? 0 : Math.Min(steps[^1], 1);
        var rows = RowLength == 0 ? 0 : input.Count / RowLength;
        node.Require(rows <= MostRows, $"reduces {rows} rows, more than {MostRows}");
        _targets = new int[rows];
        for (var row = 0; row < _targets.Length; row++)
        {
            var rest = row;
            for (var k = rank - 2; k >= 0; k--)
            {
                (rest, var index) = Math.DivRem(rest, input.Shape[k]);
                _targets[row] += index * steps[k];
            }
        }
    }

    /// <summary>Input elements per output element.</summary>
    public int Count { get; } = 1;

    /// <summary>Extent of the innermost axis.</summary>
    public int RowLength { get; }

    /// <summary>Output elements to go on per input element of a row: 1, or 0 when the innermost axis is reduced.</summary>
    public int RowStep { get; }

    /// <summary>Output element of each row's first input element.</summary>
    public ReadOnlySpan<int> Rows => _targets;
}

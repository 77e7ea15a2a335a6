namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// Walks two operands and the output together, numpy style: an axis of extent 1 is repeated. The output is cut into rows, along
/// each of which an operand advances by 1 or stands still.
/// </summary>
internal sealed class Broadcast
{
    // No network repeats an operand that often; a hostile file may.
    private const int MostRows = 1 << 24;

    // Where each row begins in both operands; output rows follow one another.
    private readonly (int A, int B)[] _rows;

    public Broadcast(Node node, Operand a, Operand b, Operand output)
    {
        var rank = Math.Max(a.Rank, b.Rank);
        node.Require(output.Rank == rank, $"has an output of rank {output.Rank}, expected {rank}");
        var shape = output.Shape;
        var (stepsA, stepsB) = (Steps(node, a, shape), Steps(node, b, shape));

        // The innermost axes on which both operands behave alike form one row.
        var axis = rank - 1;
        (RowLength, StepA, StepB) = rank == 0 ? (1, 0, 0) : (shape[axis], Math.Min(stepsA[axis], 1), Math.Min(stepsB[axis], 1));
        for (axis--; axis >= 0 && Continues(stepsA[axis], StepA, shape[axis]) && Continues(stepsB[axis], StepB, shape[axis]); axis--)
            RowLength *= shape[axis];
        var rows = RowLength == 0 ? 0 : output.Count / RowLength;
        node.Require(rows <= MostRows, $"combines {rows} rows, more than {MostRows}");
        _rows = new (int, int)[rows];
        for (var row = 0; row < _rows.Length; row++)
        {
            var (rest, atA, atB) = (row, 0, 0);
            for (var k = axis; k >= 0; k--)
            {
                (rest, var index) = Math.DivRem(rest, shape[k]);
                (atA, atB) = (atA + (index * stepsA[k]), atB + (index * stepsB[k]));
            }

            _rows[row] = (atA, atB);
        }

        Repeats = _rows.Length > 1 && StepA == 1 && StepB == 1 && a.Count == output.Count && b.Count == RowLength;
    }

    /// <summary>Elements of one row.</summary>
    public int RowLength { get; }

    /// <summary>Whether the second operand is one row, which is the same for all rows of the first.</summary>
    public bool Repeats { get; }

    /// <summary>1 when the first operand advances along a row, else 0.</summary>
    public int StepA { get; }

    /// <summary>1 when the second operand advances along a row, else 0.</summary>
    public int StepB { get; }

    /// <summary>The stretch of output elements that begins at one and stays in its row.</summary>
    /// <param name="at">First output element.</param>
    /// <param name="end">Where it must end.</param>
    /// <returns>Where it begins in both operands, and its length.</returns>
    public (int A, int B, int Length) StretchAt(int at, int end)
    {
        var (row, offset) = Math.DivRem(at, RowLength);
        return (_rows[row].A + (offset * StepA), _rows[row].B + (offset * StepB), Math.Min(end - at, RowLength - offset));
    }

    // Steps per output axis in elements of the operand; 0 where it is repeated.
    private static int[] Steps(Node node, Operand operand, int[] shape)
    {
        var steps = new int[shape.Length];
        var step = 1;
        for (var k = 1; k <= operand.Rank; k++)
        {
            var (extent, wanted) = (operand.Shape[^k], shape[^k]);
            node.Require(extent == wanted || extent == 1, $"cannot repeat {operand.ShapeText} to [{string.Join(",", shape)}]");
            steps[^k] = extent == 1 ? 0 : step;
            step *= extent;
        }

        return steps;
    }

    // Whether going one further on an outer axis is the same as going on along the row.
    private bool Continues(int outerStep, int step, int extent) => extent == 1 || outerStep == (step == 0 ? 0 : RowLength);
}

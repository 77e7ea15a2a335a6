namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// An operator of two operands of the output's type, numpy style: an axis of extent 1 is repeated. Threads share the output, which is made in stretches along which an
/// operand advances by 1 or stands still. A second operand of one short row, a factor for each channel say, is written out as often as a stretch needs it.
/// </summary>
internal abstract class PairKernel : IKernel, IParts
{
    /// <summary>Elements of a stretch, at most.</summary>
    protected const int Block = 256;

    private readonly Broadcast _walk;
    private readonly Cut _cut;
    private readonly Operand? _row;

    /// <summary>Checks types and shapes.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="nanoseconds">What one thread needs for an element, roughly.</param>
    protected PairKernel(Node node, double nanoseconds)
    {
        Output = node.Output();
        (A, B) = (node.Input(0, Output.Type), node.Input(1, Output.Type));
        _walk = new Broadcast(node, A, B, Output);
        if (_walk.Repeats && _walk.RowLength < Block)
            (_row, B) = (B, B.WithRoom(_walk.RowLength + Block));
        _cut = new Cut(Output.Count, nanoseconds * Output.Count, node.Workspace.Crew);
    }

    protected Operand A { get; }

    protected Operand B { get; }

    protected Operand Output { get; }

    /// <summary>1 when the first operand advances along a stretch, else 0.</summary>
    protected int StepA => _walk.StepA;

    /// <summary>1 when the second operand advances along a stretch, else 0.</summary>
    protected int StepB => _walk.StepB;

    public void Run()
    {
        if (_row is not null)
            Repeat(_row.Bytes, B.Bytes);
        _cut.Run(this);
    }

    public void RunPart(int part, int worker)
    {
        Span<int> scratch = stackalloc int[2 * Block];
        var (at, end) = _cut[part];
        while (at < end)
        {
            var (a, b, count) = _row is null ? _walk.StretchAt(at, Math.Min(end, at + Block)) : (at, at % _walk.RowLength, Math.Min(end - at, Block));
            Combine(a, b, at, count, scratch);
            at += count;
        }
    }

    private static void Repeat(ReadOnlySpan<byte> row, Span<byte> rows)
    {
        for (; rows.Length > row.Length; rows = rows[row.Length..])
            row.CopyTo(rows);
        row[..rows.Length].CopyTo(rows);
    }

    /// <summary>Makes a stretch.</summary>
    /// <param name="a">Where it begins in the first operand.</param>
    /// <param name="b">Where it begins in the second.</param>
    /// <param name="at">Where it begins in the output.</param>
    /// <param name="count">Its length, at most <see cref="Block"/>.</param>
    /// <param name="scratch">Room for two blocks of numbers, with whatever is in it.</param>
    protected abstract void Combine(int a, int b, int at, int count, Span<int> scratch);
}

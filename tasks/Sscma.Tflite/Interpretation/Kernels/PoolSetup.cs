namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>What a pooling kernel needs to know: checked shapes and windows. Input (N, H, W, C), output (N, H', W', C).</summary>
internal sealed class PoolSetup : IParts
{
    private readonly Visitor _visit;
    private readonly Cut _cut;

    /// <summary>Checks.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="type">Type of input and output.</param>
    /// <param name="visit">What is done for each output position, by several threads at once.</param>
    public PoolSetup(Node node, TensorType type, Visitor visit)
    {
        _visit = visit;
        var options = node.Options<PoolOptions>();
        Input = node.Input(0, type);
        Output = node.Output(type);
        node.Require(Input.Rank == 4, "needs an input of rank 4");
        Rows = Window.Of(node, options.Padding, Input.Shape[1], options.FilterHeight, options.StrideHeight, 1);
        Columns = Window.Of(node, options.Padding, Input.Shape[2], options.FilterWidth, options.StrideWidth, 1);
        node.RequireShape(Output, Input.Shape[0], Rows.Output, Columns.Output, Input.Shape[3]);
        _cut = new Cut(Input.Shape[0] * Rows.Output, ((8.0 * Output.Count / Math.Max(1, Channels)) + (0.1 * Output.Count)) * Rows.Kernel * Columns.Kernel, node.Workspace.Crew);
    }

    /// <summary>Takes an output position: its first output element, its batch, and the rows and columns of the input that its window covers.</summary>
    public delegate void Visitor(int at, int batch, (int First, int End) rows, (int First, int End) columns);

    public Operand Input { get; }

    public Operand Output { get; }

    public Window Rows { get; }

    public Window Columns { get; }

    public int Channels => Input.Shape[3];

    /// <summary>Element of the input at channel 0.</summary>
    public int InputAt(int batch, int y, int x) => ((((batch * Rows.Input) + y) * Columns.Input) + x) * Channels;

    /// <summary>Visits every output position, with the part of its window that lies inside the input.</summary>
    public void Visit() => _cut.Run(this);

    public void RunPart(int part, int worker)
    {
        var (first, end) = _cut[part];
        var at = first * Columns.Output * Channels;
        for (var row = first; row < end; row++)
        {
            var (batch, y) = Math.DivRem(row, Rows.Output);
            var inside = Inside(Rows, y);
            for (var x = 0; x < Columns.Output; x++, at += Channels)
                _visit(at, batch, inside, Inside(Columns, x));
        }
    }

    private static (int First, int End) Inside(Window window, int output) =>
        (Math.Max(0, window.Start(output)), Math.Min(window.Input, window.Start(output) + window.Kernel));
}

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Product of int16 codes of different scales.</summary>
internal sealed class Int16Mul : IKernel, IParts
{
    private readonly Operand _a;
    private readonly Operand _b;
    private readonly Operand _output;
    private readonly Broadcast _walk;
    private readonly Crew _crew;
    private readonly Cut _cut;
    private readonly Multiplier _multiplier;
    private readonly CodeRange _range;

    public Int16Mul(Node node)
    {
        (_a, _b, _output) = (node.Input(0, TensorType.Int16), node.Input(1, TensorType.Int16), node.Output(TensorType.Int16));
        node.Require(_a.ZeroPoint == 0 && _b.ZeroPoint == 0, "needs symmetric codes");
        _walk = new Broadcast(node, _a, _b, _output);
        _crew = node.Workspace.Crew;
        _cut = new Cut(_output.Count, 0.5 * _output.Count, _crew.Size);
        _multiplier = Multiplier.Of((double)_a.Scale * _b.Scale / _output.Scale);
        _range = CodeRange.Of(node.Options<MulOptions>().Activation, _output, node);
    }

    public void Run() => _crew.Run(_cut.Count, this);

    public void RunPart(int part, int worker)
    {
        var a = _a.Int16;
        var b = _b.Int16;
        var output = _output.Int16;
        Span<int> products = stackalloc int[Int16Blocks.Length];
        Span<int> others = stackalloc int[Int16Blocks.Length];
        var (at, end) = _cut[part];
        while (at < end)
        {
            var (startA, startB, count) = _walk.StretchAt(at, Math.Min(end, at + Int16Blocks.Length));
            Int16Blocks.Widen(a, startA, _walk.StepA, 0, products[..count]);
            Int16Blocks.Widen(b, startB, _walk.StepB, 0, others[..count]);
            for (var i = 0; i < count; i++)
                products[i] *= others[i]; // at most 2^30
            Int16Blocks.Scale(_multiplier, products[..count]);
            Int16Blocks.Narrow(products[..count], _range, output.Slice(at, count));
            at += count;
        }
    }
}

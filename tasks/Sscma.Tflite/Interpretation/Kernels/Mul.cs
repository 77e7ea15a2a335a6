namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Product of int8 codes of different quantization.</summary>
internal sealed class Mul : IKernel, IParts
{
    private readonly Operand _a;
    private readonly Operand _b;
    private readonly Operand _output;
    private readonly Broadcast _walk;
    private readonly Crew _crew;
    private readonly Cut _cut;
    private readonly int _zeroA;
    private readonly int _zeroB;
    private readonly Requantizer _requantizer;

    public Mul(Node node)
    {
        _a = node.Input(0, TensorType.Int8);
        _b = node.Input(1, TensorType.Int8);
        _output = node.Output(TensorType.Int8);
        _walk = new Broadcast(node, _a, _b, _output);
        _crew = node.Workspace.Crew;
        _cut = new Cut(_output.Count, _output.Count, _crew.Size);
        (_zeroA, _zeroB) = (_a.ZeroPoint, _b.ZeroPoint);
        var range = CodeRange.Of(node.Options<MulOptions>().Activation, _output, node);
        _requantizer = new Requantizer(Multiplier.Of((double)_a.Scale * _b.Scale / _output.Scale), _output.ZeroPoint, range);
    }

    public void Run() => _crew.Run(_cut.Count, this);

    public void RunPart(int part, int worker)
    {
        var codesA = _a.Int8;
        var codesB = _b.Int8;
        var output = _output.Int8;
        var (stepA, stepB) = (_walk.StepA, _walk.StepB);
        Span<int> products = stackalloc int[Requantizer.Block];
        var (at, end) = _cut[part];
        while (at < end)
        {
            var (a, b, count) = _walk.StretchAt(at, Math.Min(end, at + products.Length));
            for (var i = 0; i < count; i++, a += stepA, b += stepB)
                products[i] = (codesA[a] - _zeroA) * (codesB[b] - _zeroB);
            _requantizer.Apply(products[..count], output.Slice(at, count));
            at += count;
        }
    }
}

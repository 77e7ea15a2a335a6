namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Greater or lesser of two int8 codes. Codes are compared as they are: converters must see to equal quantizations.</summary>
internal sealed class MaximumMinimum : IKernel
{
    private readonly Operand _a;
    private readonly Operand _b;
    private readonly Operand _output;
    private readonly Broadcast _walk;
    private readonly bool _greater;

    public MaximumMinimum(Node node)
    {
        _a = node.Input(0, TensorType.Int8);
        _b = node.Input(1, TensorType.Int8);
        _output = node.Output(TensorType.Int8);
        _walk = new Broadcast(node, _a, _b, _output);
        _greater = node.Code == BuiltinOperator.Maximum;
    }

    public void Run()
    {
        var codesA = _a.Int8;
        var codesB = _b.Int8;
        var output = _output.Int8;
        var at = 0;
        foreach (var (startA, startB) in _walk.Rows)
        {
            var (a, b) = (startA, startB);
            for (var i = 0; i < _walk.RowLength; i++, a += _walk.StepA, b += _walk.StepB)
                output[at++] = _greater ? Math.Max(codesA[a], codesB[b]) : Math.Min(codesA[a], codesB[b]);
        }
    }
}

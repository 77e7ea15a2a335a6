using System.Numerics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Greater or lesser of two codes. They are compared as they are: converters must see to equal quantizations.</summary>
/// <typeparam name="T">The codes' type.</typeparam>
internal sealed class MaximumMinimum<T> : IKernel
    where T : unmanaged, INumber<T>
{
    private readonly Operand _a;
    private readonly Operand _b;
    private readonly Operand _output;
    private readonly Broadcast _walk;
    private readonly bool _greater;

    public MaximumMinimum(Node node)
    {
        _output = node.Output();
        _a = node.Input(0, _output.Type);
        _b = node.Input(1, _output.Type);
        _walk = new Broadcast(node, _a, _b, _output);
        _greater = node.Code == BuiltinOperator.Maximum;
    }

    public void Run()
    {
        var codesA = _a.Elements<T>();
        var codesB = _b.Elements<T>();
        var output = _output.Elements<T>();
        var at = 0;
        foreach (var (startA, startB) in _walk.Rows)
        {
            var (a, b) = (startA, startB);
            for (var i = 0; i < _walk.RowLength; i++, a += _walk.StepA, b += _walk.StepB)
                output[at++] = _greater ? T.Max(codesA[a], codesB[b]) : T.Min(codesA[a], codesB[b]);
        }
    }
}

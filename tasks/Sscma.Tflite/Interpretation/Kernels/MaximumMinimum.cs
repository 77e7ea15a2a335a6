using System.Numerics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Greater or lesser of two codes. They are compared as they are: converters must see to equal quantizations.</summary>
/// <typeparam name="T">The codes' type.</typeparam>
internal sealed class MaximumMinimum<T>(Node node) : PairKernel(node, nanoseconds: 1)
    where T : unmanaged, INumber<T>
{
    private readonly bool _greater = node.Code == BuiltinOperator.Maximum;

    protected override void Combine(int a, int b, int at, int count, Span<int> scratch)
    {
        var codesA = A.Elements<T>();
        var codesB = B.Elements<T>();
        var output = Output.Elements<T>();
        for (var i = 0; i < count; i++, a += StepA, b += StepB)
            output[at + i] = _greater ? T.Max(codesA[a], codesB[b]) : T.Min(codesA[a], codesB[b]);
    }
}

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Sum, difference or product of float32 tensors.</summary>
internal sealed class FloatArithmetic(Node node) : PairKernel(node, nanoseconds: 1)
{
    private readonly BuiltinOperator _code = node.Code;
    private readonly (float Lowest, float Highest) _range = CodeRange.Floats(ActivationOf(node), node);

    protected override void Combine(int a, int b, int at, int count, Span<int> scratch)
    {
        var valuesA = A.Floats;
        var valuesB = B.Floats;
        var output = Output.Floats;
        for (var i = 0; i < count; i++, a += StepA, b += StepB)
            output[at + i] = Math.Clamp(Of(valuesA[a], valuesB[b]), _range.Lowest, _range.Highest);
    }

    private static Activation ActivationOf(Node node) => node.Code switch
    {
        BuiltinOperator.Add => node.Options<AddOptions>().Activation,
        BuiltinOperator.Sub => node.Options<SubOptions>().Activation,
        _ => node.Options<MulOptions>().Activation,
    };

    private float Of(float a, float b) => _code switch
    {
        BuiltinOperator.Add => a + b,
        BuiltinOperator.Sub => a - b,
        _ => a * b,
    };
}

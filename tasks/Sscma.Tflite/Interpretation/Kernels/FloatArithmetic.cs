namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Sum, difference or product of float32 tensors.</summary>
internal sealed class FloatArithmetic : IKernel
{
    private readonly Operand _a;
    private readonly Operand _b;
    private readonly Operand _output;
    private readonly Broadcast _walk;
    private readonly BuiltinOperator _code;
    private readonly (float Lowest, float Highest) _range;

    public FloatArithmetic(Node node)
    {
        _code = node.Code;
        _a = node.Input(0, TensorType.Float32);
        _b = node.Input(1, TensorType.Float32);
        _output = node.Output(TensorType.Float32);
        _walk = new Broadcast(node, _a, _b, _output);
        _range = CodeRange.Floats(ActivationOf(node), node);
    }

    public void Run()
    {
        var valuesA = _a.Floats;
        var valuesB = _b.Floats;
        var output = _output.Floats;
        var at = 0;
        foreach (var (startA, startB) in _walk.Rows)
        {
            var (a, b) = (startA, startB);
            for (var i = 0; i < _walk.RowLength; i++, a += _walk.StepA, b += _walk.StepB)
                output[at++] = Math.Clamp(Combine(valuesA[a], valuesB[b]), _range.Lowest, _range.Highest);
        }
    }

    private static Activation ActivationOf(Node node) => node.Code switch
    {
        BuiltinOperator.Add => node.Options<AddOptions>().Activation,
        BuiltinOperator.Sub => node.Options<SubOptions>().Activation,
        _ => node.Options<MulOptions>().Activation,
    };

    private float Combine(float a, float b) => _code switch
    {
        BuiltinOperator.Add => a + b,
        BuiltinOperator.Sub => a - b,
        _ => a * b,
    };
}

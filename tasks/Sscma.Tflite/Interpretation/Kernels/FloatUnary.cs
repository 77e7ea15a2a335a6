namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>An activation of float32 values, one after the other.</summary>
internal sealed class FloatUnary : IKernel
{
    private readonly Operand _input;
    private readonly Operand _output;
    private readonly Func<float, float> _function;

    public FloatUnary(Node node)
    {
        _input = node.Input(0, TensorType.Float32);
        _output = node.Output(TensorType.Float32);
        node.RequireShape(_output, _input.Shape);
        _function = Function(node);
    }

    public void Run()
    {
        var input = _input.Floats;
        var output = _output.Floats;
        for (var i = 0; i < input.Length; i++)
            output[i] = _function(input[i]);
    }

    private static Func<float, float> Function(Node node)
    {
        switch (node.Code)
        {
            case BuiltinOperator.Logistic:
                return x => 1 / (1 + MathF.Exp(-x));
            case BuiltinOperator.Tanh:
                return MathF.Tanh;
            case BuiltinOperator.HardSwish:
                return x => x * Math.Clamp(x + 3, 0, 6) / 6;
            case BuiltinOperator.LeakyRelu:
                var alpha = node.Options<LeakyReluOptions>().Alpha;
                return x => x > 0 ? x : alpha * x;
            case BuiltinOperator.Relu:
                return x => Math.Max(0, x);
            default:
                return x => Math.Clamp(x, 0, 6);
        }
    }
}

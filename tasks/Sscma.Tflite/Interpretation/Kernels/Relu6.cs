namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>min(6, max(0, x)) of int8 codes. The reference never rescales here, even when the output's quantization differs.</summary>
internal static class Relu6
{
    public static CodeTable Create(Node node)
    {
        var input = node.Input(0, TensorType.Int8);
        node.Output(TensorType.Int8);
        var range = CodeRange.Of(Activation.Relu6, input, node);
        return new CodeTable(node, code => Math.Clamp(code, range.Lowest, range.Highest));
    }
}

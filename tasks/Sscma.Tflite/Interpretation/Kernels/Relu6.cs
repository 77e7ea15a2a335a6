namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>min(6, max(0, x)) of codes. The reference never rescales here, even when the output's quantization differs.</summary>
internal static class Relu6
{
    public static IKernel Create(Node node)
    {
        var input = node.Input(0, node.Output().Type);
        var range = CodeRange.Of(Activation.Relu6, input, node);
        return input.Type == TensorType.Int16 ? new Int16CodeTable(node, Result) : new CodeTable(node, Result);

        int Result(int code) => Math.Clamp(code, range.Lowest, range.Highest);
    }
}

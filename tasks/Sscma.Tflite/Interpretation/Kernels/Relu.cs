namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>max(0, x) of codes, with rescaling.</summary>
internal static class Relu
{
    public static IKernel Create(Node node)
    {
        var output = node.Output();
        var input = node.Input(0, output.Type);
        var (inputZero, outputZero) = (input.ZeroPoint, output.ZeroPoint);
        var multiplier = Multiplier.Of(input.Scale / output.Scale);
        var highest = CodeRange.Of(output.Type).Highest;
        return output.Type == TensorType.Int16 ? new Int16CodeTable(node, Result) : new CodeTable(node, Result);

        int Result(int code) => Math.Clamp(multiplier.Apply(code - inputZero) + outputZero, outputZero, highest);
    }
}

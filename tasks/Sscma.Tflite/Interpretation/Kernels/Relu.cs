namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>max(0, x) of int8 codes, with rescaling.</summary>
internal static class Relu
{
    public static CodeTable Create(Node node)
    {
        var input = node.Input(0, TensorType.Int8);
        var output = node.Output(TensorType.Int8);
        var (inputZero, outputZero) = (input.ZeroPoint, output.ZeroPoint);
        var multiplier = Multiplier.Of(input.Scale / output.Scale);
        return new CodeTable(node, code => Math.Clamp(multiplier.Apply(code - inputZero) + outputZero, outputZero, 127));
    }
}

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Leaky ReLU of codes.</summary>
internal static class LeakyRelu
{
    public static IKernel Create(Node node)
    {
        var output = node.Output();
        var input = node.Input(0, output.Type);
        var alpha = node.Options<LeakyReluOptions>().Alpha;
        node.Require(alpha >= 0 && float.IsFinite(alpha), $"has the slope {alpha}");
        var (inputZero, outputZero) = (input.ZeroPoint, output.ZeroPoint);
        var identity = Multiplier.Of(input.Scale / output.Scale);
        var slope = Multiplier.Of(input.Scale * alpha / output.Scale);
        var range = CodeRange.Of(output.Type);
        return output.Type == TensorType.Int16 ? new Int16CodeTable(node, Result) : new CodeTable(node, Result);

        int Result(int code) => Math.Clamp((code >= inputZero ? identity : slope).Apply(code - inputZero) + outputZero, range.Lowest, range.Highest);
    }
}

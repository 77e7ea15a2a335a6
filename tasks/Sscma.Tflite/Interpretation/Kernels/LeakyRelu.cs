namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Leaky ReLU of int8 codes.</summary>
internal static class LeakyRelu
{
    public static CodeTable Create(Node node)
    {
        var input = node.Input(0, TensorType.Int8);
        var output = node.Output(TensorType.Int8);
        var alpha = node.Options<LeakyReluOptions>().Alpha;
        node.Require(alpha >= 0 && float.IsFinite(alpha), $"has the slope {alpha}");
        var (inputZero, outputZero) = (input.ZeroPoint, output.ZeroPoint);
        var identity = Multiplier.Of(input.Scale / output.Scale);
        var slope = Multiplier.Of(input.Scale * alpha / output.Scale);
        return new CodeTable(node, code =>
        {
            var value = code - inputZero;
            return CodeRange.Int8.Clamp((value >= 0 ? identity : slope).Apply(value) + outputZero);
        });
    }
}

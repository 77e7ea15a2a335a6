namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Real values to codes, or codes to codes of another quantization.</summary>
internal static class Quantize
{
    /// <summary>The kernel for the types at hand, or null.</summary>
    public static Func<IKernel>? Find(Node node)
    {
        var (from, to) = (node.Optional(0)?.Type, node.Output().Type);
        if (!AreCodes(to))
            return null;
        return from switch
        {
            TensorType.Float32 => () => new QuantizeFloats(node),
            { } type when AreCodes(type) => () => Requantize(node),
            _ => null,
        };
    }

    private static bool AreCodes(TensorType type) => type is TensorType.Int8 or TensorType.UInt8 or TensorType.Int16;

    private static IKernel Requantize(Node node)
    {
        var (input, output) = (node.Input(0), node.Output());
        var (inputZero, outputZero, range) = (input.ZeroPoint, output.ZeroPoint, CodeRange.Of(output.Type));
        var multiplier = Multiplier.Of((double)input.Scale / output.Scale);
        return input.Type == TensorType.Int16 || output.Type == TensorType.Int16 ? new Int16CodeTable(node, Result) : new CodeTable(node, Result);

        int Result(int code) => Math.Clamp(multiplier.Apply(code - inputZero) + outputZero, range.Lowest, range.Highest);
    }
}

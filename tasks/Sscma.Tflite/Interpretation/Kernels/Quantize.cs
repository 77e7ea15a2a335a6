namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Real values to 8-bit codes, or codes to codes of another quantization.</summary>
internal static class Quantize
{
    /// <summary>The kernel for the types at hand, or null.</summary>
    public static Func<IKernel>? Find(Node node)
    {
        var (from, to) = (node.Optional(0)?.Type, node.Output().Type);
        if (to is not (TensorType.Int8 or TensorType.UInt8))
            return null;
        return from switch
        {
            TensorType.Float32 => () => new QuantizeFloats(node),
            TensorType.Int8 or TensorType.UInt8 => () => Requantize(node),
            _ => null,
        };
    }

    /// <summary>Range of the codes of an 8-bit type.</summary>
    public static CodeRange RangeOf(TensorType type) => type == TensorType.Int8 ? CodeRange.Int8 : new CodeRange(0, 255);

    private static CodeTable Requantize(Node node)
    {
        var (input, output) = (node.Input(0), node.Output());
        var (inputZero, outputZero, range) = (input.ZeroPoint, output.ZeroPoint, RangeOf(output.Type));
        var multiplier = Multiplier.Of((double)input.Scale / output.Scale);
        return new CodeTable(node, code => Math.Clamp(multiplier.Apply(code - inputZero) + outputZero, range.Lowest, range.Highest));
    }
}

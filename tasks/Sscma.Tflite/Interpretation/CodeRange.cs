namespace Sscma.Tflite.Interpretation;

/// <summary>Range of output codes that an activation leaves.</summary>
internal readonly record struct CodeRange(int Lowest, int Highest)
{
    public static CodeRange Int8 { get; } = new(-128, 127);

    public static CodeRange Int16 { get; } = new(short.MinValue, short.MaxValue);

    /// <summary>All codes of a type.</summary>
    public static CodeRange Of(TensorType type) => type switch
    {
        TensorType.UInt8 => new(0, 255),
        TensorType.Int16 => Int16,
        _ => Int8,
    };

    /// <summary>Range of an output of codes.</summary>
    public static CodeRange Of(Activation activation, Operand output, Node node)
    {
        var (scale, zeroPoint, all) = (output.Scale, output.ZeroPoint, Of(output.Type));
        return activation switch
        {
            Activation.None => all,
            Activation.Relu => new(Math.Max(all.Lowest, Code(0)), all.Highest),
            Activation.Relu6 => new(Math.Max(all.Lowest, Code(0)), Math.Min(all.Highest, Code(6))),
            Activation.ReluN1To1 => new(Math.Max(all.Lowest, Code(-1)), Math.Min(all.Highest, Code(1))),
            _ => throw node.Wrong($"has the unknown activation {(int)activation}"),
        };

        // The quotient saturates so that the sum cannot overflow; any bound beyond the codes acts alike.
        int Code(float value) => zeroPoint + FixedPoint.Round(Math.Clamp(value / scale, -100_000f, 100_000f));
    }

    /// <summary>Range of a float32 output.</summary>
    public static (float Lowest, float Highest) Floats(Activation activation, Node node) => activation switch
    {
        Activation.None => (float.NegativeInfinity, float.PositiveInfinity),
        Activation.Relu => (0, float.PositiveInfinity),
        Activation.Relu6 => (0, 6),
        Activation.ReluN1To1 => (-1, 1),
        _ => throw node.Wrong($"has the unknown activation {(int)activation}"),
    };

    public sbyte Clamp(int code) => (sbyte)Math.Clamp(code, Lowest, Highest);

    public short ClampToInt16(int code) => (short)Math.Clamp(code, Lowest, Highest);
}

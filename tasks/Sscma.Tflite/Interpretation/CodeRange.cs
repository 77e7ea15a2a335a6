namespace Sscma.Tflite.Interpretation;

/// <summary>Range of output codes that an activation leaves.</summary>
internal readonly record struct CodeRange(int Lowest, int Highest)
{
    public static CodeRange Int8 { get; } = new(-128, 127);

    /// <summary>Range of an int8 output.</summary>
    public static CodeRange Of(Activation activation, Operand output, Node node)
    {
        var (scale, zeroPoint) = (output.Scale, output.ZeroPoint);
        return activation switch
        {
            Activation.None => Int8,
            Activation.Relu => new(Math.Max(-128, Code(0)), 127),
            Activation.Relu6 => new(Math.Max(-128, Code(0)), Math.Min(127, Code(6))),
            Activation.ReluN1To1 => new(Math.Max(-128, Code(-1)), Math.Min(127, Code(1))),
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
}

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Sigmoid of int8 codes, in fixed point.</summary>
internal static class Logistic
{
    private const int IntegerBits = 4;

    public static CodeTable Create(Node node)
    {
        var input = node.Input(0, TensorType.Int8);
        var output = node.Output(TensorType.Int8);
        node.Require(output.Scale == 1f / 256 && output.ZeroPoint == -128, "must have an output of scale 1/256 and zero point -128");
        var toQ4 = Multiplier.Of((double)input.Scale * (1 << (31 - IntegerBits)));
        var radius = InputRadius(IntegerBits, toQ4.Shift);
        var zeroPoint = input.ZeroPoint;
        return new CodeTable(node, code => Result(code - zeroPoint));

        int Result(int centered)
        {
            if (centered <= -radius)
                return -128;
            if (centered >= radius)
                return 127;
            var probability = OfQ4(toQ4.Apply(centered)); // Q0.31
            return Math.Clamp(FixedPoint.DivideByPowerOfTwo(probability, 23) - 128, -128, 127);
        }
    }

    /// <summary>Largest |code - zero point| that does not leave the fixed-point range.</summary>
    public static int InputRadius(int integerBits, int shift) =>
        (int)Math.Min(int.MaxValue, Math.Floor(((1 << integerBits) - 1) * Math.ScaleB(1, 31 - integerBits - shift)));

    // Q4.27 to Q0.31: 1 / (1 + e^-|x|), mirrored for negative x.
    private static int OfQ4(int x)
    {
        if (x == 0)
            return 1 << 30;
        var ofAbsolute = FixedPoint.OneOverOnePlus(FixedPoint.ExpOfNegative(x > 0 ? -x : x, IntegerBits));
        return x > 0 ? ofAbsolute : int.MaxValue - ofAbsolute;
    }
}

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Hyperbolic tangent of int8 codes, in fixed point.</summary>
internal static class Tanh
{
    private const int IntegerBits = 4;

    public static CodeTable Create(Node node)
    {
        var input = node.Input(0, TensorType.Int8);
        var output = node.Output(TensorType.Int8);
        node.Require(output.Scale == 1f / 128 && output.ZeroPoint == 0, "must have an output of scale 1/128 and zero point 0");
        var toQ4 = Multiplier.Of((double)input.Scale * (1 << (31 - IntegerBits)));
        var radius = Logistic.InputRadius(IntegerBits, toQ4.Shift);
        var zeroPoint = input.ZeroPoint;
        return new CodeTable(node, code => Result(code - zeroPoint));

        int Result(int centered)
        {
            if (centered <= -radius)
                return -128;
            if (centered >= radius)
                return 127;
            return Math.Clamp(FixedPoint.DivideByPowerOfTwo(OfQ4(toQ4.Apply(centered)), 24), -128, 127);
        }
    }

    // Q4.27 to Q0.31: (1 - e^-2|x|) / (1 + e^-2|x|), mirrored. Doubling is reading the same bits as Q5.26.
    private static int OfQ4(int x)
    {
        if (x == 0)
            return 0;
        var ofAbsolute = FixedPoint.OneMinusOverOnePlus(FixedPoint.ExpOfNegative(x > 0 ? -x : x, IntegerBits + 1));
        return x > 0 ? ofAbsolute : -ofAbsolute;
    }
}

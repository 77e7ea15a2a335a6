namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>x * relu6(x + 3) / 6 of int8 codes, in 16 bits.</summary>
internal static class HardSwish
{
    public static CodeTable Create(Node node)
    {
        var input = node.Input(0, TensorType.Int8);
        var output = node.Output(TensorType.Int8);
        var (inputZero, outputZero) = (input.ZeroPoint, output.ZeroPoint);

        // The input with 7 more bits; its ratios to the output's scale and to the slope's (3 / 2^15 is relu6's full range in Q0.15).
        var fineScale = 1f / 128 * input.Scale;
        var toOutput = Multiplier.Of(fineScale / output.Scale);
        var toSlope = Multiplier.Of(fineScale / (3f / 32768));
        node.Require(toOutput.Shift <= 0, "has an output scale too small for its input scale: input / (128 * output) must be below 1");
        var (outputFactor, slopeFactor) = (To16Bits(toOutput), To16Bits(toSlope));
        return new CodeTable(node, code => Result((short)((code - inputZero) * 128)));

        // |code - zero point| ≤ 255, times 128: 16 bits.
        int Result(short fine)
        {
            var preshifted = FixedPoint.MultiplyHigh(fine, outputFactor);
            var slope = fine;
            if (toSlope.Shift > 0)
                slope = Saturate(slope << Math.Min(toSlope.Shift - 1, 16));
            slope = FixedPoint.MultiplyHigh(slope, slopeFactor);
            if (toSlope.Shift > 0)
                slope = Saturate(slope << 1);
            if (toSlope.Shift < 0)
                slope = (short)FixedPoint.DivideByPowerOfTwo(slope, -toSlope.Shift);

            // From [-1, 1] to [0, 1] in Q0.15.
            slope = (short)((slope + 32768) >> 1);
            var value = FixedPoint.MultiplyTowardZero(slope, preshifted);
            return Math.Clamp(FixedPoint.DivideByPowerOfTwo(value, -toOutput.Shift) + outputZero, -128, 127);
        }
    }

    private static short To16Bits(Multiplier multiplier) =>
        multiplier.Value >= int.MaxValue - (1 << 15) ? short.MaxValue : (short)((multiplier.Value + (1 << 15)) >> 16);

    private static short Saturate(int x) => (short)Math.Clamp(x, short.MinValue, short.MaxValue);
}

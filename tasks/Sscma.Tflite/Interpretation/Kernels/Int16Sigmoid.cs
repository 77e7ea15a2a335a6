namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// Sigmoid and hyperbolic tangent of int16 codes: interpolated between the sigmoids of 0/24, 1/24, … Source: TensorFlow Lite Micro, state of August 2026;
/// TensorFlow Lite 2.9 has the same. tanh(x) = 2 * sigmoid(2x) - 1 takes the same table, twice as far.
/// </summary>
internal static class Int16Sigmoid
{
    // Inputs get the step 1 / (3 * 2^12): 24 * 2^9 of them are 1, and the table ends at 255 / 24.
    private const double InputSteps = 3 * 4096;
    private const int FractionBits = 9;
    private const int LastInterval = 255;

    // 2^16 * sigmoid(i / 24), and half of what the chord to the next one lacks in the middle: the error of an interval lies on both sides then.
    private static readonly int[] Table = [.. Enumerable.Range(0, LastInterval).Select(Raised), 65535];

    public static Int16CodeTable Logistic(Node node)
    {
        var scaling = ScalingOf(node, mostExactShift: 0);
        return new Int16CodeTable(node, code => LogisticOf(scaling.Apply(code)));
    }

    public static Int16CodeTable Tanh(Node node)
    {
        var scaling = ScalingOf(node, mostExactShift: 1);
        return new Int16CodeTable(node, code => TanhOf(scaling.Apply(code)));
    }

    private static int Raised(int index)
    {
        var sag = ((Sigmoid(index) + Sigmoid(index + 1)) / 2) - Sigmoid(index + 0.5);
        return (int)Math.Round(65536 * (Sigmoid(index) - (sag / 2)));

        static double Sigmoid(double index) => 1 / (1 + Math.Exp(-index / 24));
    }

    // In steps of 2^-15; the sums have 26 bits.
    private static int LogisticOf(int x)
    {
        var result = Between(Math.Abs(x), FractionBits) ?? 0x7FFF << 10;
        return (x >= 0 ? result + (1 << 9) : (1 << 25) - result + (1 << 9) - 1) >> 10;
    }

    private static int TanhOf(int x)
    {
        var result = Between(Math.Abs(x), FractionBits - 1) ?? 0xFFFF << 8;
        return (x >= 0 ? result - (1 << 23) + (1 << 7) : -result + (1 << 23) + (1 << 7) - 1) >> 8;
    }

    // 2^(16 + bits) * sigmoid; null beyond the table.
    private static int? Between(int x, int bits)
    {
        var interval = x >> bits;
        if (interval >= LastInterval)
            return null;
        return (Table[interval] << bits) + ((x & ((1 << bits) - 1)) * (Table[interval + 1] - Table[interval]));
    }

    // A factor of 15 bits, cut and not rounded, and a shift. Steps of 2^-12 (and 2^-11 where the table goes twice as far) are only multiplied.
    private static InputScaling ScalingOf(Node node, int mostExactShift)
    {
        var (input, output) = (node.Input(0, TensorType.Int16), node.Output(TensorType.Int16));
        node.Require(input.ZeroPoint == 0 && output is { Scale: 1f / 32768, ZeroPoint: 0 }, "must have an output of scale 1/32768");
        for (var shift = 0; shift <= mostExactShift; shift++)
        {
            if (input.Scale == MathF.ScaleB(1, shift - 12))
                return new InputScaling(3 << shift, 0);
        }

        var (factor, right) = (input.Scale * InputSteps, 0);
        while (factor <= short.MaxValue / 2.0 && right <= 30)
            (factor, right) = (factor * 2, right + 1);
        node.Require(factor < short.MaxValue + 1, $"has an input of scale {input.Scale}, too large for 16 bits");
        return new InputScaling((int)factor, right);
    }

    private readonly record struct InputScaling(int Factor, int Shift)
    {
        public int Apply(int code) => ((code * Factor) + (Shift > 0 ? 1 << (Shift - 1) : 0)) >> Shift;
    }
}

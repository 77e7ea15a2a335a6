using Sscma.Quantization.Scales;

namespace Sscma.Quantization.Tests;

/// <summary>Steady numbers of units: two roundings in integers, one in doubles and one in floats give the same code for every sum.</summary>
[TestClass]
public sealed class SteadyStepsTests
{
    private const float Input = 0.0123f;
    private const float Output = 0.0771f;

    [TestMethod]
    [DataRow(6.0, 6)]
    [DataRow(9.0, null)]
    [DataRow(15.9, 14)]
    [DataRow(98.3, 98)]
    [DataRow(256.9, 248)]
    [DataRow(449.7, 448)]
    [DataRow(1023.0, 934)]
    [DataRow(1500.0, 1500)]
    [DataRow(4000.0, 2976)]
    [DataRow(1e9, 4680)]
    public void Weights_get_a_scale_with_which_no_sum_is_rounded_in_two_ways(double wanted, int? expected)
    {
        var units = SteadySteps.Below(wanted);
        Assert.AreEqual(expected, units);
        if (units is not { } each)
            return;
        var weight = SteadySteps.Up(Output * (1 + SteadySteps.Trifle) / ((double)Input * each));
        Assert.AreEqual(0, Disagreements((double)Input * weight / Output, Input * weight / Output, each, Tflm((double)Input * weight / Output)));
    }

    [TestMethod]
    [DataRow(576, 137.0)]
    [DataRow(144, 36.0)]
    [DataRow(36, 15.03)]
    [DataRow(2304, 579.5)]
    [DataRow(49, 20.0)]
    public void Means_too(int count, double wanted)
    {
        var units = SteadySteps.Above(wanted, steady => SteadySteps.LiftOfMean(steady, count))!.Value;
        Assert.IsTrue(units >= wanted && units <= 1.4 * wanted, $"{units}");
        var output = SteadySteps.Down((double)Input / count * units / (1 + SteadySteps.Trifle));
        var (value, shift) = Normalized((double)Input / output);
        var gain = System.Numerics.BitOperations.Log2((uint)count);
        var tflm = Tflm((int)(((long)value << gain) / count), shift - gain);
        Assert.AreEqual(0, Disagreements((double)Input / output / count, Input / (output * count), units, tflm));
    }

    [TestMethod]
    public void Other_numbers_of_units_have_such_sums()
    {
        foreach (var units in new[] { 97, 101.5, 128, 255, 449 })
        {
            var factor = 1 / units;
            Assert.IsGreaterThan(20, Disagreements(factor, (float)factor, (int)units, Tflm(factor)), $"{units}");
        }
    }

    private static int Disagreements(double factor, float inFloat, int units, Func<int, int> tflm)
    {
        var count = 0;
        for (var sum = -256 * units; sum <= 256 * units; sum++)
        {
            var twice = tflm(sum);
            var once = (int)Math.Round(sum * factor, MidpointRounding.AwayFromZero);
            var even = (int)MathF.Round(sum * inFloat, MidpointRounding.ToEven);
            // Beyond the codes nothing differs: both ends saturate.
            if (Math.Abs(once) <= 255 && (twice != once || even != once))
                count++;
        }

        return count;
    }

    private static Func<int, int> Tflm(double factor)
    {
        var (value, shift) = Normalized(factor);
        return Tflm(value, shift);
    }

    /// <summary>The high product, rounded, then the right shift, rounded: tflite-int8.md, section 2.</summary>
    private static Func<int, int> Tflm(int value, int shift) => sum =>
    {
        var high = (((long)sum * value) + (1L << 30)) >> 31;
        var half = 1L << (-shift - 1);
        return (int)(high >= 0 ? (high + half) >> -shift : -((-high + half) >> -shift));
    };

    private static (int Value, int Shift) Normalized(double factor)
    {
        var shift = Math.ILogB(factor) + 1;
        return ((int)Math.Round(Math.ScaleB(factor, 31 - shift), MidpointRounding.AwayFromZero), shift);
    }
}

using Sscma.Tflite.Interpretation;

namespace Sscma.Tflite.Tests;

[TestClass]
public sealed class FixedPointTests
{
    [TestMethod]
    [DataRow(int.MinValue, int.MinValue, int.MaxValue)]
    [DataRow(int.MaxValue, int.MaxValue, int.MaxValue - 1)]
    [DataRow(1 << 30, 3, 2)]
    [DataRow(-(1 << 30), 3, -1)]
    [DataRow(1 << 30, 1, 1)]
    [DataRow(-(1 << 30), 1, 0)]
    public void The_high_product_rounds_halves_up(int a, int b, int expected) => Assert.AreEqual(expected, FixedPoint.MultiplyHigh(a, b));

    [TestMethod]
    [DataRow(5, 1, 3)]
    [DataRow(-5, 1, -3)]
    [DataRow(-4, 3, -1)]
    [DataRow(3, 3, 0)]
    [DataRow(int.MinValue, 31, -1)]
    [DataRow(-7, 0, -7)]
    public void Dividing_by_a_power_of_two_rounds_halves_away_from_zero(int x, int exponent, int expected) =>
        Assert.AreEqual(expected, FixedPoint.DivideByPowerOfTwo(x, exponent));

    [TestMethod]
    [DataRow(0.0, 0, 0)]
    [DataRow(0.5, 1 << 30, 0)]
    [DataRow(1.0, 1 << 30, 1)]
    [DataRow(0.75, 3 << 29, 0)]
    [DataRow(0.9999999999, 1 << 30, 1)]
    [DataRow(1e-12, 0, 0)]
    public void A_factor_becomes_a_mantissa_and_a_power_of_two(double factor, int value, int shift) =>
        Assert.AreEqual(new Multiplier(value, shift), Multiplier.Of(factor));

    [TestMethod]
    public void Fixed_point_functions_are_near_the_real_ones()
    {
        for (var i = 1; i <= 4000; i++)
        {
            var x = i / 250.0; // up to 16
            var exponential = FixedPoint.ExpOfNegative((int)-Math.Round(x * (1 << 26)), 5) / Math.ScaleB(1, 31);
            Assert.AreEqual(Math.Exp(-x), exponential, 3e-7, $"e^-{x}");
        }

        for (var i = 0; i <= 1000; i++)
        {
            var x = i / 1000.0;
            var code = (int)Math.Min(int.MaxValue, Math.Round(Math.ScaleB(x, 31)));
            Assert.AreEqual(1 / (1 + x), FixedPoint.OneOverOnePlus(code) / Math.ScaleB(1, 31), 1e-7, $"1 / (1 + {x})");
            Assert.AreEqual((1 - x) / (1 + x), FixedPoint.OneMinusOverOnePlus(code) / Math.ScaleB(1, 31), 1e-7, $"(1 - {x}) / (1 + {x})");
        }
    }
}

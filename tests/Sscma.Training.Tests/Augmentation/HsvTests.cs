using Sscma.Training.Augmentation;

namespace Sscma.Training.Tests.Augmentation;

[TestClass]
public sealed class HsvTests
{
    // Values of OpenCV's 8-bit COLOR_RGB2HSV, by its documented definition.
    [TestMethod]
    [DataRow(255, 0, 0, 0, 255, 255)]
    [DataRow(0, 255, 0, 60, 255, 255)]
    [DataRow(0, 0, 255, 120, 255, 255)]
    [DataRow(255, 255, 0, 30, 255, 255)]
    [DataRow(255, 0, 255, 150, 255, 255)]
    [DataRow(255, 0, 10, 179, 255, 255)]
    [DataRow(128, 128, 128, 0, 0, 128)]
    [DataRow(0, 0, 0, 0, 0, 0)]
    [DataRow(100, 150, 200, 105, 127, 200)] // 127.5, but the table of reciprocals is rounded down there
    public void Hue_is_in_two_degrees_and_below_180(int red, int green, int blue, int hue, int saturation, int value)
    {
        Assert.AreEqual((hue, saturation, value), HsvTables.ToHsv(red, green, blue));
    }

    [TestMethod]
    public void Factors_of_one_change_a_colour_by_its_8_bit_rounding_only()
    {
        var tables = new HsvTables(1, 1, 1);
        var pixels = Scene.Noise(64, 64, 3).Pixels;
        var before = pixels.ToArray();

        tables.Apply(pixels);

        // A step of the hue is two degrees: up to 255/30 levels of the middle channel, half of that after rounding, and 1 for the saturation.
        for (var i = 0; i < pixels.Length; i++)
            Assert.IsLessThanOrEqualTo(6, Math.Abs(pixels[i] - before[i]));
    }

    [TestMethod]
    public void Grey_stays_grey_and_brightness_saturates()
    {
        byte[] pixels = [200, 200, 200, 10, 10, 10];

        new HsvTables(1.01, 1.7, 1.4).Apply(pixels);

        CollectionAssert.AreEqual(new byte[] { 255, 255, 255, 14, 14, 14 }, pixels);
    }

    [TestMethod]
    public void The_hue_goes_around_its_circle()
    {
        // Hue 179 times 1.01 is 180.79: back at 0, red.
        byte[] pixels = [255, 0, 10];

        new HsvTables(1.01, 1, 1).Apply(pixels);

        CollectionAssert.AreEqual(new byte[] { 255, 0, 0 }, pixels);
    }
}

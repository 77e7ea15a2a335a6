using Sscma.Imaging;

namespace Sscma.Core.Tests;

[TestClass]
public sealed class ImagingTests
{
    [TestMethod]
    public void Halving_takes_the_mean_of_four_pixels()
    {
        byte[] source = [10, 20, 30, 41];
        var target = new byte[1];

        BilinearResizer.Resize(source, 2, 2, target, 1, 1, channels: 1);

        Assert.AreEqual((10 + 20 + 30 + 41 + 2) / 4, target[0]);
    }

    [TestMethod]
    public void Doubling_repeats_the_border_and_mixes_inside()
    {
        byte[] source = [0, 100];
        var target = new byte[4];

        BilinearResizer.Resize(source, 2, 1, target, 4, 1, channels: 1);

        CollectionAssert.AreEqual(new byte[] { 0, 25, 75, 100 }, target);
    }

    [TestMethod]
    public void An_image_of_one_grey_level_stays_so_at_every_size()
    {
        var source = Enumerable.Repeat((byte)201, 7 * 5 * 3).ToArray();
        foreach (var (width, height) in new[] { (1, 1), (3, 9), (13, 4), (640, 1) })
        {
            var target = new byte[width * height * 3];
            BilinearResizer.Resize(source, 7, 5, target, width, height);
            Assert.IsTrue(target.All(value => value == 201), $"{width}x{height}");
        }
    }

    [TestMethod]
    [DataRow(7, 3, "0 2 4", DisplayName = "a step of 2.33 rounded down in 16.16: 152917")]
    [DataRow(640, 5, "0 128 256 384 512")]
    [DataRow(10, 4, "0 2 5 7")]
    [DataRow(3, 9, "0 0 0 0 1 1 1 2 2", DisplayName = "3 * 21845 < 65536: the fourth is still the first pixel")]
    [DataRow(5, 5, "0 1 2 3 4")]
    public void The_device_takes_the_pixel_under_the_left_end(int size, int targetSize, string expected)
    {
        Assert.AreEqual(expected, string.Join(' ', NearestResizer.Sources(size, targetSize)));

        // The same picture lying and standing: both axes are resized alike.
        var line = Enumerable.Range(0, size * 3).Select(i => (byte)i).ToArray();
        var (lying, standing) = (new byte[targetSize * 3], new byte[targetSize * 3]);
        NearestResizer.Resize(line, size, 1, lying, targetSize, 1);
        NearestResizer.Resize(line, 1, size, standing, 1, targetSize);
        CollectionAssert.AreEqual(expected.Split(' ').SelectMany(source => Enumerable.Range(int.Parse(source) * 3, 3)).Select(i => (byte)i).ToArray(), lying);
        CollectionAssert.AreEqual(lying, standing);
    }

    [TestMethod]
    public void A_wide_image_is_filled_up_below()
    {
        var image = Enumerable.Repeat((byte)7, 400 * 100 * 3).ToArray();
        var input = new byte[32 * 32 * 3];

        var fit = InputFit.Draw(image, 400, 100, input, 32, 32);

        Assert.AreEqual(new InputFit(32, 8, 0.08f, 0.08f), fit);
        Assert.AreEqual(7, input[(8 * 32 * 3) - 1]);
        Assert.AreEqual(InputFit.Fill, input[8 * 32 * 3]);
    }

    [TestMethod]
    public void A_stretched_image_fills_the_input_as_the_devices_does()
    {
        var image = new byte[100 * 36 * 3];
        new Random(3).NextBytes(image);
        var (input, expected) = (new byte[32 * 32 * 3], new byte[32 * 32 * 3]);

        var fit = InputFit.Draw(image, 100, 36, input, 32, 32, ResizeMode.Stretch);

        NearestResizer.Resize(image, 100, 36, expected, 32, 32);
        CollectionAssert.AreEqual(expected, input);
        Assert.AreEqual(new InputFit(32, 32, 32 / 100f, 32 / 36f), fit);
    }

    [TestMethod]
    public void An_image_that_fits_is_copied()
    {
        var image = new byte[32 * 32 * 3];
        new Random(1).NextBytes(image);
        var input = new byte[image.Length];

        var fit = InputFit.Draw(image, 32, 32, input, 32, 32);

        Assert.AreEqual(1, fit.ScaleX);
        CollectionAssert.AreEqual(image, input);
    }
}

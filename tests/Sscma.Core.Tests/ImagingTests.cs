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
    public void A_wide_image_is_filled_up_below()
    {
        var image = Enumerable.Repeat((byte)7, 400 * 100 * 3).ToArray();
        var input = new byte[32 * 32 * 3];

        var fit = LetterboxFit.Draw(image, 400, 100, input, 32, 32);

        Assert.AreEqual(new LetterboxFit(32, 8, 0.08f, 0.08f), fit);
        Assert.AreEqual(7, input[(8 * 32 * 3) - 1]);
        Assert.AreEqual(LetterboxFit.Fill, input[8 * 32 * 3]);
    }

    [TestMethod]
    public void An_image_that_fits_is_copied()
    {
        var image = new byte[32 * 32 * 3];
        new Random(1).NextBytes(image);
        var input = new byte[image.Length];

        var fit = LetterboxFit.Draw(image, 32, 32, input, 32, 32);

        Assert.AreEqual(1, fit.ScaleX);
        CollectionAssert.AreEqual(image, input);
    }
}

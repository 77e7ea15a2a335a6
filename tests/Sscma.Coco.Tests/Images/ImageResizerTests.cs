using Sscma.Imaging;

namespace Sscma.Coco.Tests;

[TestClass]
public sealed class ImageResizerTests
{
    [TestMethod]
    [DataRow(640, 480, 192, 144)]
    [DataRow(160, 120, 320, 240)]
    [DataRow(37, 53, 61, 17)]
    [DataRow(5, 1, 1, 5)]
    [DataRow(1, 1, 40, 3)]
    [DataRow(64, 64, 32, 32)]
    [DataRow(99, 99, 98, 100)]
    public void The_fast_resizer_gives_the_bytes_of_the_plain_rule(int width, int height, int targetWidth, int targetHeight)
    {
        var image = Noise(width, height);
        var expected = PlainResize(image, targetWidth, targetHeight);
        CollectionAssert.AreEqual(expected, ImageResizer.Bilinear(image, targetWidth, targetHeight).Pixels);
    }

    [TestMethod]
    public void Fixed_point_stays_within_one_step_of_real_arithmetic()
    {
        var image = Noise(91, 67);
        var result = ImageResizer.Bilinear(image, 50, 120);
        for (var y = 0; y < 120; y++)
        {
            for (var x = 0; x < 50; x++)
                Assert.AreEqual(RealAt(image, ((x + 0.5) * 91 / 50) - 0.5, ((y + 0.5) * 67 / 120) - 0.5), result.Row(y)[x * 3], 1.0);
        }
    }

    [TestMethod]
    public void A_picture_of_one_colour_keeps_it()
    {
        foreach (byte grey in new byte[] { 0, 1, 114, 254, 255 })
            Assert.IsTrue(ImageResizer.Bilinear(new RgbImage(31, 17, grey), 77, 45).Pixels.All(value => value == grey));
    }

    [TestMethod]
    [DataRow(640, 480, 192, 144)]
    [DataRow(480, 640, 144, 192)]
    [DataRow(500, 333, 192, 128)]
    [DataRow(100, 100, 192, 192)]
    [DataRow(4000, 3, 192, 1)]
    public void The_letterbox_keeps_the_shape_and_fills_right_and_below(int width, int height, int fittedWidth, int fittedHeight)
    {
        var (image, fit) = InputImage.Of(new RgbImage(width, height, 7), 192, 192, ResizeMode.KeepRatio);
        Assert.AreEqual((192, 192), (image.Width, image.Height));
        Assert.AreEqual((float)fittedWidth / width, fit.ScaleX);
        Assert.AreEqual((float)fittedHeight / height, fit.ScaleY);
        for (var y = 0; y < 192; y++)
        {
            for (var x = 0; x < 192; x++)
                Assert.AreEqual(x < fittedWidth && y < fittedHeight ? 7 : 114, image.Row(y)[x * 3]);
        }
    }

    private static RgbImage Noise(int width, int height)
    {
        var image = new RgbImage(width, height);
        new Random(width + height).NextBytes(image.Pixels);
        return image;
    }

    /// <summary>The rule byte by byte: positions and weights in floats, weights rounded to 1/2048, products shifted as the reference does.</summary>
    private static byte[] PlainResize(RgbImage image, int width, int height)
    {
        var result = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
        {
            var (top, bottom, topWeight, bottomWeight) = Tap(y, image.Height, height);
            for (var x = 0; x < width; x++)
            {
                var (left, right, leftWeight, rightWeight) = Tap(x, image.Width, width);
                for (var c = 0; c < 3; c++)
                {
                    var upper = (image.Row(top)[(left * 3) + c] * leftWeight) + (image.Row(top)[(right * 3) + c] * rightWeight);
                    var lower = (image.Row(bottom)[(left * 3) + c] * leftWeight) + (image.Row(bottom)[(right * 3) + c] * rightWeight);
                    var sum = ((topWeight * (upper >> 4)) >> 16) + ((bottomWeight * (lower >> 4)) >> 16);
                    result[(((y * width) + x) * 3) + c] = (byte)Math.Clamp((sum + 2) >> 2, 0, 255);
                }
            }
        }

        return result;
    }

    private static (int First, int Second, int FirstWeight, int SecondWeight) Tap(int i, int source, int target)
    {
        var position = (float)(((i + 0.5) * (1 / ((double)target / source))) - 0.5);
        var first = (int)MathF.Floor(position);
        var fraction = position - first;
        if (first < 0 || first >= source - 1)
            (first, fraction) = (Math.Clamp(first, 0, source - 1), 0);
        return (first, Math.Min(first + 1, source - 1), (int)MathF.Round((1 - fraction) * 2048), (int)MathF.Round(fraction * 2048));
    }

    private static double RealAt(RgbImage image, double x, double y)
    {
        double Value(int row, int column) => image.Row(Math.Clamp(row, 0, image.Height - 1))[Math.Clamp(column, 0, image.Width - 1) * 3];
        int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
        double u = x - left, v = y - top;
        return (Value(top, left) * (1 - u) * (1 - v)) + (Value(top, left + 1) * u * (1 - v)) + (Value(top + 1, left) * (1 - u) * v) + (Value(top + 1, left + 1) * u * v);
    }
}

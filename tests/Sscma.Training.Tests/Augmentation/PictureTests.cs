using Sscma.Coco;
using Sscma.Imaging;
using Sscma.Training.Augmentation.Pictures;

namespace Sscma.Training.Tests.Augmentation;

[TestClass]
public sealed class PictureTests
{
    [TestMethod]
    [DataRow(97, 61, 40, 33)]
    [DataRow(97, 61, 97, 140)]
    [DataRow(31, 50, 200, 333)]
    [DataRow(3, 1, 17, 9)]
    [DataRow(200, 200, 100, 100)]
    public void A_resized_picture_equals_the_plain_resizer(int width, int height, int newWidth, int newHeight)
    {
        var image = Scene.Noise(width, height, 1);

        var expected = ImageResizer.Bilinear(image, newWidth, newHeight);
        var actual = new ResizedPicture(new ImagePicture(image), newWidth, newHeight).Render();

        CollectionAssert.AreEqual(expected.Pixels, actual.Pixels);
    }

    [TestMethod]
    [DataRow(97, 61, 40, 33)]
    [DataRow(31, 50, 200, 333)]
    [DataRow(640, 480, 192, 192)]
    public void A_sampled_picture_equals_the_devices_resizer(int width, int height, int newWidth, int newHeight)
    {
        var image = Scene.Noise(width, height, 1);
        var expected = new byte[newWidth * newHeight * 3];

        NearestResizer.Resize(image.Pixels, width, height, expected, newWidth, newHeight);

        CollectionAssert.AreEqual(expected, new SampledPicture(new ImagePicture(image), newWidth, newHeight).Render().Pixels);
    }

    [TestMethod]
    public void Every_window_of_every_picture_shows_what_the_whole_shows()
    {
        var first = new ImagePicture(Scene.Noise(60, 45, 1));
        var second = new ImagePicture(Scene.Noise(33, 70, 2));
        Picture[] pictures =
        [
            first,
            new ResizedPicture(first, 90, 30),
            new SampledPicture(first, 90, 30),
            new MirroredPicture(first),
            new CroppedPicture(first, new Window(7, 5, 41, 40)),
            new CanvasPicture(80, 80, 114, (first, -10, 20), (second, 50, -8), (first, 70, 70)),
            new RecoloredPicture(first, new Sscma.Training.Augmentation.HsvTables(1.01, 0.5, 1.3)),
            new BlendedPicture(new ResizedPicture(first, 50, 50), new ResizedPicture(second, 50, 50)),
        ];
        foreach (var picture in pictures)
        {
            var nested = new MirroredPicture(new ResizedPicture(new CanvasPicture(100, 100, 9, (picture, 3, 4)), 77, 131));
            AssertWindowsAgree(new SampledPicture(nested, 50, 140));
            AssertWindowsAgree(picture);
            AssertWindowsAgree(nested);
        }
    }

    [TestMethod]
    public void A_canvas_is_grey_where_no_picture_lies_and_cuts_what_hangs_over()
    {
        var image = new RgbImage(2, 2, 200);

        var canvas = new CanvasPicture(3, 2, 114, (new ImagePicture(image), 2, -1)).Render();

        CollectionAssert.AreEqual(new byte[] { 114, 114, 114, 114, 114, 114, 200, 200, 200 }, canvas.Row(0).ToArray());
        CollectionAssert.AreEqual(new byte[] { 114, 114, 114, 114, 114, 114, 114, 114, 114 }, canvas.Row(1).ToArray());
    }

    [TestMethod]
    public void A_blend_is_half_of_each_rounded_half_up()
    {
        var blend = new BlendedPicture(
            new ImagePicture(new RgbImage(1, 1, [0, 1, 255])), new ImagePicture(new RgbImage(1, 1, [0, 2, 254]))).Render();

        CollectionAssert.AreEqual(new byte[] { 0, 2, 255 }, blend.Pixels);
    }

    private static void AssertWindowsAgree(Picture picture)
    {
        var whole = picture.Render();
        var random = new Sscma.Training.Augmentation.RandomSource(5);
        for (var i = 0; i < 20; i++)
        {
            var (x, y) = (random.Below(picture.Width), random.Below(picture.Height));
            var window = new Window(x, y, 1 + random.Below(picture.Width - x), 1 + random.Below(picture.Height - y));
            var part = new byte[window.Bytes];
            picture.Render(window, part);
            for (var row = 0; row < window.Height; row++)
            {
                Assert.IsTrue(
                    whole.Row(window.Y + row).Slice(window.X * 3, window.Width * 3).SequenceEqual(part.AsSpan(row * window.Width * 3, window.Width * 3)),
                    $"{picture.GetType().Name} {window} row {row}");
            }
        }
    }
}

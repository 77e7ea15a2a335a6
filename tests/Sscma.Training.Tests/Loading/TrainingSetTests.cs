using Sscma.Coco;
using Sscma.Detection;
using Sscma.Imaging;
using Sscma.TestSupport;
using Sscma.Training.Loading;
using Sscma.Training.Tests.Augmentation;

namespace Sscma.Training.Tests.Loading;

/// <summary>From the file to the first sample: a large picture is kept small, and its boxes shrink with it on each axis.</summary>
[TestClass]
public sealed class TrainingSetTests
{
    [TestMethod]
    [DataRow(1200, 500)]
    [DataRow(410, 1190)]
    [DataRow(90, 70)]
    public void Boxes_lie_on_their_colours_whatever_size_a_picture_is_kept_at(int width, int height)
    {
        var file = Path.Combine(TestPaths.Scratch(), "large.jpg");
        var drawn = Scene.Draw(width, height, (width / 10, height / 5, width / 4, height / 3, 0), (width / 2, height / 2, width / 3, height / 4, 2));
        File.WriteAllBytes(file, ImageFile.ToJpeg(drawn.Picture.Render(), 95));
        var set = new TrainingSet([new TrainingImage(file, width, height, drawn.Objects)], imageSize: 64, seed: 1);

        var sample = set.Load(0);

        // JPEG comes in eighths, so what is kept may be half as large again as the wanted 128 pixels.
        Assert.IsLessThanOrEqualTo(192, Math.Max(sample.Picture.Width, sample.Picture.Height));
        Scene.AssertBoxesLieOnTheirColours(sample);
        Assert.AreEqual(new Box((width / 10) * sample.Picture.Width / (float)width, 0, 0, 0).X1, sample.Objects[0].Box.X1, 1e-3f);
    }

    [TestMethod]
    [DataRow(1200, 500, 128, 128)]
    [DataRow(410, 90, 128, 90)]
    [DataRow(90, 70, 90, 70)]
    public void A_picture_that_will_be_stretched_is_kept_by_picked_pixels_of_the_whole(int width, int height, int keptWidth, int keptHeight)
    {
        var file = Path.Combine(TestPaths.Scratch(), "large.jpg");
        var drawn = Scene.Draw(width, height, (width / 10, height / 5, width / 4, height / 3, 0), (width / 2, height / 2, width / 3, height / 4, 2));
        File.WriteAllBytes(file, ImageFile.ToJpeg(drawn.Picture.Render(), 95));
        var set = new TrainingSet([new TrainingImage(file, width, height, drawn.Objects)], imageSize: 64, seed: 1, ResizeMode.Stretch);

        var sample = set.Load(0);

        Assert.AreEqual((keptWidth, keptHeight), (sample.Picture.Width, sample.Picture.Height));
        Scene.AssertBoxesLieOnTheirColours(sample);
        CollectionAssert.AreEqual(InputImage.Of(ImageFile.Decode(file), keptWidth, keptHeight, ResizeMode.Stretch).Image.Pixels, sample.Picture.Render().Pixels);
    }
}

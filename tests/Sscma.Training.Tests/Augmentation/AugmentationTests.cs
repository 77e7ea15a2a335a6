using Sscma.Detection;
using Sscma.Imaging;
using Sscma.Training.Augmentation;
using Sscma.Training.Augmentation.Pictures;

namespace Sscma.Training.Tests.Augmentation;

[TestClass]
public sealed class AugmentationTests
{
    private const int Size = 64;
    private static readonly SampleCacheOptions Cache = new(8);
    private static readonly FixedHistory None = new();

    private static IEnumerable<object[]> Steps()
    {
        yield return [new Mosaic(Size, Size, Cache)];
        yield return [new RandomResize(Size, Size, 0.5, 2)];
        yield return [new RandomCrop(Size, Size)];
        yield return [new HsvAugment()];
        yield return [new HorizontalFlip(1)];
        yield return [new Pad(Size, Size)];

        // Inputs that are wide or high: an axis taken for the other would show.
        foreach (var (width, height) in new[] { (96, 48), (40, 88) })
        {
            yield return [new Mosaic(width, height, Cache)];
            yield return [new RandomResize(width, height, 0.5, 2)];
            yield return [new RandomCrop(width, height)];
            yield return [new Pad(width, height)];
            yield return [new Mosaic(width, height, Cache, mode: ResizeMode.Stretch)];
            yield return [new RandomResize(width, height, 0.2, 2, ResizeMode.Stretch)];
        }
    }

    [TestMethod]
    [DynamicData(nameof(Steps))]
    public void Boxes_stay_on_their_colours(IAugmentation step)
    {
        for (var i = 0; i < 40; i++)
        {
            var samples = Enumerable.Range(i, 6).Select(Scene.Random).ToArray();

            var sample = step.Apply(samples[^1], new RandomSource(i), new FixedHistory(samples));

            Scene.AssertBoxesLieOnTheirColours(sample);
        }
    }

    [TestMethod]
    [DataRow(ResizeMode.KeepRatio)]
    [DataRow(ResizeMode.Stretch)]
    public void Boxes_stay_on_their_colours_in_a_mixture_at_half_strength(ResizeMode mode)
    {
        var other = Scene.Draw(90, 50, (30, 10, 25, 30, 2));
        for (var i = 0; i < 40; i++)
        {
            var background = Scene.Draw(Size, Size) with { Objects = [] };

            var mixed = new MixUp(Size, Size, Cache, mode: mode).Apply(background, new RandomSource(i), new FixedHistory(other, other, other, other, other));

            Scene.AssertBoxesLieOnTheirColours(mixed);
        }
    }

    [TestMethod]
    public void Both_pictures_of_a_mixture_keep_their_boxes()
    {
        // One has its object in the left half, the other in the right: the colours cannot meet, and each is at half strength.
        var own = Scene.Draw(Size, Size, (4, 12, 20, 36, 0));
        var other = Scene.Draw(Size, Size, (40, 20, 20, 24, 1));
        var objects = 0;
        for (var i = 0; i < 40; i++)
        {
            var mixed = new MixUp(Size, Size, Cache, low: 1, high: 1, flipProbability: 0).Apply(own, new RandomSource(i), new FixedHistory(other, other, other, other, other));

            Scene.AssertBoxesLieOnTheirColours(mixed);
            Assert.AreEqual(own.Objects[0], mixed.Objects[0]);
            objects += mixed.Objects.Count;
        }

        Assert.AreEqual(80, objects);
    }

    [TestMethod]
    public void Nothing_is_lost_that_can_be_seen()
    {
        // The mirror of the test above: strong colour is covered by a box of its label.
        for (var i = 0; i < 40; i++)
        {
            var samples = Enumerable.Range(i, 6).Select(Scene.Random).ToArray();
            var random = new RandomSource(i);

            var mosaic = new Mosaic(Size, Size, Cache).Apply(samples[^1], random, new FixedHistory(samples));
            var cropped = new RandomCrop(Size, Size).Apply(new RandomResize(Size, Size, 0.5, 2).Apply(mosaic, random, None), random, None);
            var sample = new Pad(Size, Size).Apply(new HorizontalFlip().Apply(cropped, random, None), random, None);

            var image = sample.Picture.Render();
            for (var p = 0; p < image.Pixels.Length; p += 3)
            {
                for (var label = 0; label < 3; label++)
                {
                    if (image.Pixels[p + label] < 220)
                        continue;
                    var (x, y) = (p / 3 % image.Width, p / 3 / image.Width);
                    Assert.IsTrue(
                        sample.Objects.Any(item => item.Label == label && item.Box.X1 - 1 <= x && x < item.Box.X2 + 1 && item.Box.Y1 - 1 <= y && y < item.Box.Y2 + 1),
                        $"no box of label {label} at ({x}, {y}) in scene {i}");
                }
            }
        }
    }

    [TestMethod]
    public void The_flip_mirrors_at_the_true_width()
    {
        // The case of the reference's defect: 100,50,200,150 in a 640 wide image.
        var sample = new Sample(new CanvasPicture(640, 480, 0), [new LabeledBox(new Box(100, 50, 200, 150), 3)]);

        var flipped = new HorizontalFlip(1).Apply(sample, new RandomSource(1), None);

        Assert.AreEqual(new LabeledBox(new Box(440, 50, 540, 150), 3), flipped.Objects[0]);
    }

    [TestMethod]
    [DataRow(640, 480)]
    [DataRow(480, 640)]
    public void A_resize_keeps_the_aspect_ratio(int width, int height)
    {
        var sample = new Sample(new CanvasPicture(width, height, 0), []);

        var resized = new RandomResize(160, 160, 1, 1).Apply(sample, new RandomSource(1), None).Picture;

        Assert.AreEqual((width / 2, height / 2), (resized.Width, resized.Height));
    }

    [TestMethod]
    [DataRow(640, 480)]
    [DataRow(480, 640)]
    public void A_stretched_resize_has_the_shape_of_the_input(int width, int height)
    {
        var sample = Scene.Draw(width, height, (width / 4, height / 4, width / 2, height / 4, 1));

        var resized = new RandomResize(160, 160, 0.5, 0.5, ResizeMode.Stretch).Apply(sample, new RandomSource(1), None);

        Assert.AreEqual((160, 160), (resized.Picture.Width, resized.Picture.Height));
        Assert.AreEqual(new LabeledBox(new Box(40, 40, 120, 80), 1), resized.Objects[0]);
        var asDevice = new byte[160 * 160 * 3];
        NearestResizer.Resize(sample.Picture.Render().Pixels, width, height, asDevice, 160, 160);
        CollectionAssert.AreEqual(asDevice, resized.Picture.Render().Pixels);

        // Picked once: what is resized again, after whatever else was done to it, is interpolated.
        var mirrored = HorizontalFlip.Mirror(resized);
        var again = new RandomCrop(150, 150).Apply(mirrored, new RandomSource(1), None).Resized(90, 70, ResizeMode.Stretch);
        Assert.IsTrue(mirrored.IsPicked && again.IsPicked && again.Picture is ResizedPicture);
    }

    [TestMethod]
    public void The_tiles_of_a_stretched_mosaic_leave_no_grey_between_them()
    {
        // A wide and a high picture, all of one colour: each fills a square of the input's size, so all of them meet at the centre.
        var red = Scene.Draw(120, 30, (0, 0, 120, 30, 0));
        var green = Scene.Draw(20, 100, (0, 0, 20, 100, 1));
        for (var i = 0; i < 10; i++)
        {
            var mosaic = new Mosaic(Size, Size, Cache, mode: ResizeMode.Stretch).Apply(red, new RandomSource(i), new FixedHistory(green, green, green, green, green));

            var (centreX, centreY) = (mosaic.Objects[0].Box.X2, mosaic.Objects[0].Box.Y2);
            foreach (var (box, _) in mosaic.Objects)
            {
                Assert.AreEqual(Math.Min(Size, box.X1 < centreX ? centreX : (2 * Size) - centreX), box.Width);
                Assert.AreEqual(Math.Min(Size, box.Y1 < centreY ? centreY : (2 * Size) - centreY), box.Height);
            }

            Scene.AssertBoxesLieOnTheirColours(mosaic);
        }
    }

    [TestMethod]
    public void A_mosaic_has_the_newest_sample_at_its_top_left_and_twice_the_size()
    {
        var red = Scene.Draw(Size, Size, (0, 0, Size, Size, 0));
        var green = Scene.Draw(Size, Size, (0, 0, Size, Size, 1));
        for (var i = 0; i < 10; i++)
        {
            var mosaic = new Mosaic(Size, Size, Cache).Apply(red, new RandomSource(i), new FixedHistory(green, green, green, green, green));

            Assert.AreEqual((2 * Size, 2 * Size), (mosaic.Picture.Width, mosaic.Picture.Height));
            CollectionAssert.AreEquivalent(new[] { 0, 1, 1, 1 }, mosaic.Objects.Select(item => item.Label).ToArray());
            var (box, label) = mosaic.Objects[0];
            Assert.AreEqual(0, label);
            Assert.IsTrue(mosaic.Objects.Skip(1).All(item => item.Box.X1 >= box.X2 || item.Box.Y1 >= box.Y2));
        }
    }

    [TestMethod]
    public void With_four_samples_or_fewer_nothing_is_mixed()
    {
        var samples = Enumerable.Range(0, 4).Select(Scene.Random).ToArray();
        var history = new FixedHistory(samples);

        Assert.AreSame(samples[3], new Mosaic(Size, Size, Cache).Apply(samples[3], new RandomSource(1), history));
        Assert.AreSame(samples[3], new MixUp(Size, Size, Cache).Apply(samples[3], new RandomSource(1), history));
    }

    [TestMethod]
    public void A_crop_drops_objects_of_which_nothing_is_left()
    {
        var sample = Scene.Draw(400, 20, (0, 0, 10, 10, 0), (390, 0, 10, 10, 1));

        var cropped = new RandomCrop(Size, Size).Apply(sample, new RandomSource(3), None);

        Assert.AreEqual((Size, 20), (cropped.Picture.Width, cropped.Picture.Height));
        Assert.IsLessThan(2, cropped.Objects.Count);
    }
}

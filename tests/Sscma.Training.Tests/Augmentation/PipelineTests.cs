using Sscma.TestSupport;
using Sscma.Training.Augmentation;
using Sscma.Training.Configuration;

namespace Sscma.Training.Tests.Augmentation;

[TestClass]
public sealed class PipelineTests
{
    private const int Size = 64;

    [TestMethod]
    public void Boxes_stay_on_their_colours_through_all_of_it()
    {
        var pipeline = new AugmentationPipeline(Steps(), new EndlessScenes(30), seed: 4);
        var objects = 0;
        for (var position = 0; position < 150; position++)
        {
            var sample = pipeline.At(position);

            Assert.AreEqual((Size, Size), (sample.Picture.Width, sample.Picture.Height));
            Scene.AssertBoxesLieOnTheirColours(sample);
            objects += sample.Objects.Count;
        }

        Assert.IsGreaterThan(150, objects);
    }

    public static IEnumerable<object[]> Stages => Directory.EnumerateFiles(Path.Combine(TestPaths.Repository, "targets", "configs"), "*.yaml").Order(StringComparer.Ordinal)
        .SelectMany(path => new[] { false, true }.Select(stage2 => new object[] { Path.GetFileNameWithoutExtension(path), stage2, "keep_ratio" }))
        .Append(["rtmdet_nano_8xb32_300e_coco_relu", false, "stretch"]).Append(["rtmdet_nano_8xb32_300e_coco_relu", true, "stretch"]);

    [TestMethod]
    [DynamicData(nameof(Stages))]
    public void Boxes_stay_on_their_colours_in_every_shipped_configuration(string config, bool stage2, string resize)
    {
        var detector = ConfigLoader.Load(config, Path.Combine(TestPaths.Repository, "targets", "configs"), [new("train.image_size", $"{Size}", "test"), new("train.resize", resize, "test")]);
        // A mixture is half as strong, and two colours may meet in it: the test below looks at it.
        var steps = AugmentationSteps.Of(detector, stage2).Where(step => step is not (global::Sscma.Training.Augmentation.MixUp or HsvAugment)).ToList();
        var pipeline = new AugmentationPipeline(steps, new EndlessScenes(30), seed: 7);
        var objects = 0;
        for (var position = 0; position < 60; position++)
        {
            var sample = pipeline.At(position);

            Assert.AreEqual((Size, Size), (sample.Picture.Width, sample.Picture.Height));
            // Picking moves an edge by less than a pixel, and a mosaic of picked tiles may be magnified.
            Scene.AssertBoxesLieOnTheirColours(sample, slack: resize == "stretch" ? 1 : 0);
            objects += sample.Objects.Count(item => item.Box.Width > 6 && item.Box.Height > 6);
        }

        Assert.IsGreaterThan(20, objects);
    }

    [TestMethod]
    public void Boxes_stay_on_their_colours_with_mixup_at_half_strength()
    {
        var pipeline = new AugmentationPipeline([.. Steps(), MixUp()], new EndlessScenes(30), seed: 4);
        var (lit, all) = (0, 0);
        for (var position = 0; position < 150; position++)
        {
            var sample = pipeline.At(position);
            var image = sample.Picture.Render();
            foreach (var (box, label) in sample.Objects.Where(item => item.Box.Width > 6 && item.Box.Height > 6))
            {
                // Another picture shines through, perhaps in another colour: the label's channel is at least half lit.
                var (x, y) = ((int)((box.X1 + box.X2) / 2), (int)((box.Y1 + box.Y2) / 2));
                lit += image.Pixels[(((y * Size) + x) * 3) + label] > 65 ? 1 : 0;
                all++;
            }
        }

        Assert.AreEqual(all, lit);
        Assert.IsGreaterThan(150, all);
    }

    [TestMethod]
    public void A_sample_depends_on_its_position_only()
    {
        IAugmentation[] steps = [.. Steps(), MixUp()];
        var forward = new AugmentationPipeline(steps, new EndlessScenes(30), seed: 4);
        var inOrder = Enumerable.Range(0, 100).Select(position => Digest(forward.At(position))).ToArray();

        var backward = new AugmentationPipeline(steps, new EndlessScenes(30), seed: 4);
        for (var position = 99; position >= 60; position--)
            Assert.AreEqual(inOrder[position], Digest(backward.At(position)), $"position {position}");
        Assert.AreNotEqual(inOrder[50], Digest(new AugmentationPipeline(steps, new EndlessScenes(30), seed: 5).At(50)));
    }

    [TestMethod]
    public void Computing_late_gives_the_bytes_of_computing_at_once()
    {
        // The oracle renders after every step, as a plain pipeline would.
        IAugmentation[] steps = [.. Steps(), MixUp()];
        var late = new AugmentationPipeline(steps, new EndlessScenes(30), seed: 4);
        var early = new AugmentationPipeline(steps.Select(step => new Rendering(step)), new EndlessScenes(30), seed: 4);

        for (var position = 0; position < 60; position++)
            Assert.AreEqual(Digest(early.At(position)), Digest(late.At(position)), $"position {position}");
    }

    [TestMethod]
    public void A_sample_without_objects_is_replaced_by_another_image()
    {
        var pipeline = new AugmentationPipeline([new LosesEverySecond()], new EndlessScenes(30), seed: 1);

        for (var position = 0; position < 50; position++)
            Assert.AreNotEqual(0, pipeline.At(position).Objects.Count);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_cache_holds_the_newest_and_never_more_than_its_size(bool randomEviction)
    {
        var trace = new SampleCacheTrace(new SampleCacheOptions(5, randomEviction), new RandomSource(1));
        var held = new List<long>();
        for (var position = 0L; position < 200; position++)
        {
            held.Add(position);
            if (trace.EvictedAt(position) is { } gone)
                Assert.IsTrue(held.Remove(gone));

            CollectionAssert.AreEqual(held, trace.At(position));
            Assert.IsLessThanOrEqualTo(5, held.Count);
        }

        // The first-in-first-out cache holds a run; the other one does not. Asking late gives the same.
        Assert.AreEqual(randomEviction, held[^1] - held[0] != 4);
        CollectionAssert.AreEqual(new long[] { 0, 1, 2 }, trace.At(2));
    }

    internal static IEnumerable<IAugmentation> Steps() =>
    [
        new Mosaic(Size, Size, new SampleCacheOptions(12, RandomEviction: true)),
        new RandomResize(Size, Size, 0.5, 2),
        new RandomCrop(Size, Size),
        new HsvAugment(),
        new HorizontalFlip(),
        new Pad(Size, Size),
    ];

    private static MixUp MixUp() => new(Size, Size, new SampleCacheOptions(8), probability: 0.5);

    private static string Digest(Sample sample) =>
        Files.Digest.OfBytes(sample.Picture.Render().Pixels) + string.Join(';', sample.Objects);

    private sealed class Rendering(IAugmentation step) : IAugmentation
    {
        public SampleCacheOptions? Cache => step.Cache;

        public Sample Apply(Sample sample, RandomSource random, ISampleHistory history) => step.Apply(sample, random, history).Rendered();
    }

    private sealed class LosesEverySecond : IAugmentation
    {
        public Sample Apply(Sample sample, RandomSource random, ISampleHistory history) =>
            random.Chance(0.5) ? sample with { Objects = [] } : sample;
    }
}

using Sscma.Detection;
using Sscma.Natives;
using Sscma.Training.Assignment;
using Sscma.Training.Configuration;
using Sscma.Training.Loop;
using TorchSharp;
using static TorchSharp.torch;

namespace Sscma.Training.Tests.Loop;

[TestClass]
public sealed class BatchResizeTests
{
    [TestMethod]
    public void Sizes_are_multiples_of_32_from_one_end_of_the_range_to_the_other()
    {
        var resize = new BatchResize(new BatchResizeConfig { Enabled = true }, imageSize: 640, seed: 3);

        var sizes = Enumerable.Range(0, 2000).Select(resize.SizeOf).ToList();

        Assert.AreSequenceEqual(Enumerable.Range(7, 26).Select(i => i * 32), sizes.Distinct().Order()); // 224 to 1024, as in the reference
        Assert.AreSequenceEqual(sizes.Take(20), Enumerable.Range(0, 20).Select(new BatchResize(new BatchResizeConfig { Enabled = true }, 640, 3).SizeOf));
        Assert.AreEqual(640, new BatchResize(new BatchResizeConfig(), 640, 3).SizeOf(0));
    }

    [TestMethod]
    public void Boxes_stay_on_their_pixels()
    {
        NativeLibraries.UseTorch();
        using var scope = NewDisposeScope();
        var images = zeros(1, 3, 64, 64);
        images[0, 0].narrow(0, 8, 24).narrow(1, 16, 32).fill_(1); // rows 8 to 32, columns 16 to 48
        GroundTruth[] truths = [new([new Box(16, 8, 48, 32)], [0])];
        var resize = new BatchResize(new BatchResizeConfig { Enabled = true, MinRatio = 2, MaxRatio = 2 }, 64, 1);

        var (larger, boxes) = resize.Apply(images, truths, 0);

        Assert.AreSequenceEqual([1L, 3, 128, 128], larger.shape);
        Assert.AreEqual(new Box(32, 16, 96, 64), boxes[0].Boxes[0]);
        Assert.AreEqual(1, larger[0, 0].narrow(0, 17, 46).narrow(1, 33, 62).min().ToDouble());
        Assert.AreEqual(0, larger[0, 0].narrow(0, 0, 15).max().ToDouble());
    }
}

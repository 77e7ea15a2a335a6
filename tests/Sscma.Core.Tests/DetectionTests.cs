using Sscma.Detection;

namespace Sscma.Core.Tests;

[TestClass]
public sealed class DetectionTests
{
    [TestMethod]
    public void Distances_are_in_strides_from_the_cells_corner()
    {
        // One level of 2x1 cells, stride 8, one class; only the right cell passes the threshold.
        var level = new LevelOutput(8, 2, 1, new[] { -20f, 0f }, new[] { 0f, 0f, 0f, 0f, 0.5f, 0f, 1f, 2f });

        var found = RtmDetDecoder.Decode([level], new DecodeOptions { ScoreThreshold = 0.25f });

        Assert.HasCount(1, found);
        Assert.AreEqual(new DetectedObject(new Box(4, 0, 16, 16), 0.5f, 0), found[0]);
    }

    [TestMethod]
    public void Boxes_are_scaled_before_suppression_and_clipped_after_it()
    {
        var level = new LevelOutput(8, 1, 1, new[] { 3f }, new[] { 1f, 1f, 2f, 2f });

        var found = RtmDetDecoder.Decode([level], new DecodeOptions { ScaleX = 2, ScaleY = 4, OriginalWidth = 5, OriginalHeight = 100 });

        Assert.AreEqual(new Box(0, 0, 5, 4), found[0].Box);
    }

    [TestMethod]
    public void Suppression_acts_inside_a_class_only()
    {
        var box = new Box(0, 0, 10, 10);
        DetectedObject[] candidates = [new(box, 0.9f, 0), new(box, 0.8f, 1), new(box, 0.7f, 0)];

        var kept = NonMaximumSuppression.Apply(candidates, 0.65f, 300);

        CollectionAssert.AreEqual(new[] { candidates[0], candidates[1] }, kept);
    }

    [TestMethod]
    public void An_overlap_equal_to_the_threshold_stays()
    {
        // Intersection 5x10, union 10x10: the overlap is exactly one half.
        DetectedObject[] candidates = [new(new Box(0, 0, 10, 10), 0.9f, 0), new(new Box(0, 0, 5, 10), 0.8f, 0)];

        Assert.HasCount(2, NonMaximumSuppression.Apply(candidates, 0.5f, 300));
        Assert.HasCount(1, NonMaximumSuppression.Apply(candidates, 0.49f, 300));
    }
}

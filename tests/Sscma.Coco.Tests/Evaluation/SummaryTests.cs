using Sscma.Coco.Evaluation;

namespace Sscma.Coco.Tests;

[TestClass]
public sealed class SummaryTests
{
    [TestMethod]
    [DataRow(0.0625, "0.062")]
    [DataRow(0.1875, "0.188")]
    [DataRow(0.9375, "0.938")]
    [DataRow(0.3125, "0.312")]
    [DataRow(0.0005, "0.001")]
    [DataRow(0.1235, "0.123")]
    [DataRow(0.1245, "0.124")]
    [DataRow(0.99949999999999, "0.999")]
    [DataRow(0.9995, "1.000")]
    [DataRow(0.9999999999999998, "1.000")]
    [DataRow(1.0, "1.000")]
    [DataRow(0.0, "0.000")]
    [DataRow(-1.0, "-1.000")]
    public void Three_decimals_are_rounded_from_the_exact_value_halves_to_even(double value, string text) =>
        Assert.AreEqual(text, Summary.Fixed(value, 3));

    [TestMethod]
    public void Fewer_than_three_limits_of_detections_are_refused()
    {
        var input = new EvaluationInput([1], [1], [], []);
        Assert.ThrowsExactly<ArgumentException>(() => CocoEvaluator.Evaluate(input, new EvaluationParameters { MaxDetections = [1, 10] }));
    }

    [TestMethod]
    public void A_perfect_detector_scores_one_and_a_blind_one_zero()
    {
        CocoAnnotation[] truth = [new(1, 1, 5, 10, 10, 50, 50, 2500, false), new(2, 2, 5, 0, 0, 10, 10, 100, false)];
        CocoDetection[] found = [.. truth.Select(item => new CocoDetection(item.ImageId, item.CategoryId, item.X, item.Y, item.Width, item.Height, 0.5))];
        var perfect = CocoEvaluator.Evaluate(new EvaluationInput([1, 2], [5], truth, found));
        var blind = CocoEvaluator.Evaluate(new EvaluationInput([1, 2], [5], truth, []));
        var without = CocoEvaluator.Evaluate(new EvaluationInput([1, 2], [5], [], found));
        Assert.AreEqual(1, perfect.Stats[0], 1e-12);
        Assert.AreEqual(-1, perfect.Stats[5], "there is no large object");
        Assert.AreEqual(0, blind.Stats[0]);
        Assert.AreEqual(-1, without.Stats[0]);
        Assert.IsNull(without.PerClass[0].AP);
    }
}

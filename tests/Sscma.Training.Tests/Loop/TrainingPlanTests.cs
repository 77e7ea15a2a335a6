using Sscma.Training.Configuration;
using Sscma.Training.Loop;

namespace Sscma.Training.Tests.Loop;

[TestClass]
public sealed class TrainingPlanTests
{
    [TestMethod]
    public void The_last_batch_of_an_epoch_is_an_iteration_of_its_own()
    {
        var plan = TrainingPlan.Of(new TrainConfig { MaxEpochs = 3, BatchSize = 4, Stage2Epochs = 1 }, images: 10);

        Assert.AreEqual(3, plan.IterationsPerEpoch);
        Assert.AreEqual(9, plan.Iterations);
        CollectionAssert.AreEqual(new long[] { 0, 4, 8, 10, 14, 18, 20 }, Enumerable.Range(0, 7).Select(plan.PositionOf).ToArray());
    }

    [TestMethod]
    [DataRow(100, 20, 80)]
    [DataRow(21, 20, 1)]
    [DataRow(20, 20, 10)]
    [DataRow(5, 20, 2)]
    [DataRow(1, 20, 0)]
    [DataRow(10, 0, 10)]
    public void Stage_2_takes_the_last_epochs_and_at_most_half_when_there_are_not_enough(int epochs, int stage2, int start)
    {
        Assert.AreEqual(start, TrainingPlan.Of(new TrainConfig { MaxEpochs = epochs, Stage2Epochs = stage2 }, images: 10).Stage2Start);
    }

    [TestMethod]
    public void Validation_comes_every_interval_in_every_epoch_of_stage_2_and_at_the_end()
    {
        var plan = TrainingPlan.Of(new TrainConfig { MaxEpochs = 10, Stage2Epochs = 2, ValInterval = 3 }, images: 10);
        var none = plan with { Stage2Start = 10, ValInterval = 7 };

        CollectionAssert.AreEqual(new[] { 2, 5, 8, 9 }, Enumerable.Range(0, 10).Where(plan.ValidatesAfter).ToArray());
        CollectionAssert.AreEqual(new[] { 6, 9 }, Enumerable.Range(0, 10).Where(none.ValidatesAfter).ToArray());
    }
}

using Sscma.Training.Configuration;
using Sscma.Training.Optimization;

namespace Sscma.Training.Tests.Optimization;

[TestClass]
public sealed class LearningRateScheduleTests
{
    [TestMethod]
    public void The_cap_lets_a_small_dataset_reach_its_learning_rate()
    {
        var config = new OptimConfig { Lr = 1, WarmupIterations = 1000, WarmupCap = 0.1 };

        var schedule = new LearningRateSchedule(config, epochs: 10, iterationsPerEpoch: 20, batchSize: 16);

        Assert.AreEqual(20, schedule.WarmupIterations);
        Assert.AreEqual(1e-5, schedule[0], 1e-12);
        Assert.AreEqual(1, schedule[19], 1e-12);
        Assert.AreEqual(1, schedule[100], 1e-12, "flat until half of the epochs");
        Assert.AreEqual(0.525, schedule[150], 1e-9, "half of the cosine");
        Assert.AreEqual(0.05, schedule[199], 1e-3, "the end");
    }

    [TestMethod]
    public void Scaling_is_linear_in_the_batch()
    {
        var config = new OptimConfig { Lr = 0.0005, AutoScaleLr = true, BaseBatchSize = 32, WarmupIterations = 0 };

        Assert.AreEqual(0.00025, new LearningRateSchedule(config, 2, 5, batchSize: 16)[0], 1e-12);
        Assert.AreEqual(0.0005, new LearningRateSchedule(config with { AutoScaleLr = false }, 2, 5, batchSize: 16)[0], 1e-12);
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(1, 7)]
    [DataRow(3, 1)]
    [DataRow(7, 3)]
    public void The_rate_stays_between_its_ends_for_any_length(int epochs, int iterations)
    {
        var config = new OptimConfig { Lr = 1, WarmupCap = 0.1 };

        var schedule = new LearningRateSchedule(config, epochs, iterations, 16);

        Assert.AreEqual(epochs * iterations, schedule.Iterations);
        for (var i = 0; i < schedule.Iterations; i++)
            Assert.IsTrue(schedule[i] is > 0 and <= 1 + 1e-12, $"{schedule[i]} at {i}");
    }
}

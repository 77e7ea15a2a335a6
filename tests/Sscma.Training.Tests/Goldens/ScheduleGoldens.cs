using Sscma.Training.Configuration;
using Sscma.Training.Optimization;

namespace Sscma.Training.Tests.Goldens;

[TestClass]
[TestCategory(Golden.Category)]
public sealed class ScheduleGoldens
{
    public static IEnumerable<object[]> Cases => Golden.Json("lr-schedules.json").EnumerateObject()
        .Select(entry => new object[] { entry.Name });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Every_learning_rate_equals_the_reference(string name)
    {
        var facts = Golden.Json("lr-schedules.json").GetProperty(name);
        var schedulers = facts.GetProperty("schedulers").EnumerateArray().ToArray();
        var baseRate = facts.GetProperty("base_lr").GetDouble();
        var epochs = facts.GetProperty("epochs").GetInt32();
        var iterations = facts.GetProperty("iterations_per_epoch").GetInt32();
        var config = new OptimConfig { Lr = baseRate, MinLrRatio = schedulers[1].GetProperty("eta_min").GetDouble() / baseRate };
        var schedule = schedulers[0].GetProperty("type").GetString() == "QuadraticWarmupLR"
            ? LearningRateSchedule.QuantizationAware(config, epochs, iterations, batchSize: 1)
            : new LearningRateSchedule(
                config with
                {
                    WarmupIterations = schedulers[0].GetProperty("end").GetInt32(),
                    WarmupFactor = schedulers[0].GetProperty("start_factor").GetDouble(),
                    FlatRatio = schedulers[1].GetProperty("begin").GetDouble() / epochs,
                },
                epochs,
                iterations,
                batchSize: 1);

        var expected = Golden.Tensors("lr-schedules.safetensors")[name].As<double>();
        Assert.AreEqual(expected.Length, schedule.Iterations);
        for (var i = 0; i < expected.Length; i++)
            Golden.IsClose(expected[i], schedule[i], 1e-6, $"{name} at iteration {i}");
    }
}

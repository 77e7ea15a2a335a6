using System.Text.Json;
using Sscma.Training.Configuration;
using Sscma.Training.Network;
using Sscma.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Sscma.Training.Tests.Goldens;

[TestClass]
[TestCategory(Golden.Category)]
public sealed class TraceGoldens
{
    private const string Ending = ".trace.json";
    private const int IterationsPerEpoch = 60;

    public static IEnumerable<object[]> Cases => Golden.Cases(Ending);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Ten_steps_of_the_native_schedule_equal_the_reference(string name)
    {
        var trace = Golden.Json(name + Ending).GetProperty("native_schedule");
        var schedule = NativeSchedule(trace);

        // How far the reference's float32 run ends from its float64 run.
        var noise = trace.GetProperty("max_rel_final_norm_diff_vs_float64").GetDouble();
        using var run = new Run(name);
        foreach (var step in trace.GetProperty("steps").EnumerateArray())
        {
            var iteration = step.GetProperty("step").GetInt32();
            Golden.IsClose(step.GetProperty("lr").GetDouble(), schedule[iteration], 1e-6, $"lr of step {iteration}");
            var (cls, bbox) = run.Step(schedule[iteration]);
            Golden.IsClose(step.GetProperty("loss_cls").GetDouble(), cls, 1e-3, $"loss_cls of step {iteration}");
            Golden.IsClose(step.GetProperty("loss_bbox").GetDouble(), bbox, 1e-3, $"loss_bbox of step {iteration}");
            AreNorms(step, run, iteration, 1e-5, Math.Max(noise, 1e-5));
        }

        AreNormsByName(trace.GetProperty("final_l2_norm"), run.Model.Parameters, Math.Max(5 * noise, 1e-5));
        AreNormsByName(trace.GetProperty("final_ema_l2_norm"), run.Average.Model.Parameters, Math.Max(5 * noise, 1e-5));
    }

    /// <summary>
    /// The trace is float32 and says how far its norms end from its own float64 run: 6e-7 (nano), 4e-5 (nano_relu), 4e-4 (variant_shared_conv, two images). In float64 we
    /// end just as far from it and no farther, so what is left is the trace's rounding.
    /// </summary>
    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Ten_steps_of_the_native_schedule_in_float64_differ_from_the_reference_by_its_rounding_alone(string name)
    {
        var trace = Golden.Json(name + Ending).GetProperty("native_schedule");
        var (schedule, exact) = (NativeSchedule(trace), trace.GetProperty("float64_loss"));
        var noise = trace.GetProperty("max_rel_final_norm_diff_vs_float64").GetDouble();
        using var run = new Run(name, ScalarType.Float64);
        foreach (var step in trace.GetProperty("steps").EnumerateArray())
        {
            var iteration = step.GetProperty("step").GetInt32();
            var (cls, bbox) = run.Step(schedule[iteration]);

            // The assigner's overlaps are float32 here too.
            Golden.IsClose(exact[iteration].GetDouble(), cls + bbox, 1e-6, $"loss of step {iteration}");
            AreNorms(step, run, iteration, 1e-5);
        }

        AreNormsByName(trace.GetProperty("final_l2_norm"), run.Model.Parameters, (1.01 * noise) + 1e-6);
        AreNormsByName(trace.GetProperty("final_ema_l2_norm"), run.Average.Model.Parameters, (1.01 * noise) + 1e-6);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Ten_steps_at_a_fixed_rate_stay_as_near_to_float64_as_the_reference(string name)
    {
        var trace = Golden.Json(name + Ending).EnumerateObject().Single(run => run.Name.StartsWith("fixed_lr_", StringComparison.Ordinal)).Value;
        var exact = trace.GetProperty("float64_loss").EnumerateArray().Select(loss => loss.GetDouble()).ToArray();
        var rate = trace.GetProperty("base_lr").GetDouble();
        using var run = new Run(name);
        var worst = 0.0;
        foreach (var step in trace.GetProperty("steps").EnumerateArray())
        {
            var iteration = step.GetProperty("step").GetInt32();
            worst = Math.Max(worst, Math.Abs((step.GetProperty("loss").GetDouble() / exact[iteration]) - 1));
            var (cls, bbox) = run.Step(rate);

            // Adam makes rounding noise as large as a step, so noise grows from step to step; the reference's own shows how fast.
            Golden.IsClose(exact[iteration], cls + bbox, (10 * worst) + 1e-3, $"loss of step {iteration}");
            Golden.IsClose(step.GetProperty("param_norm").GetDouble(), run.Norm(run.Model.Parameters), 1e-3, $"parameter norm after step {iteration}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Ten_steps_at_a_fixed_rate_in_float64_equal_the_reference_in_float64(string name)
    {
        var trace = Golden.Json(name + Ending).EnumerateObject().Single(run => run.Name.StartsWith("fixed_lr_", StringComparison.Ordinal)).Value;
        var steps = trace.GetProperty("steps");
        using var run = new Run(name, ScalarType.Float64);
        var worst = 0.0;
        foreach (var (iteration, expected) in trace.GetProperty("float64_loss").EnumerateArray().Index())
        {
            worst = Math.Max(worst, Math.Abs((steps[iteration].GetProperty("loss").GetDouble() / expected.GetDouble()) - 1));
            var (cls, bbox) = run.Step(trace.GetProperty("base_lr").GetDouble());

            // The assigner's overlaps are float32 here too, and Adam makes much of little: at most as much as of float32 everywhere.
            Golden.IsClose(expected.GetDouble(), cls + bbox, iteration == 0 ? 1e-6 : worst + 1e-4, $"loss of step {iteration}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Weight_decay_acts_on_as_many_numbers_as_in_the_reference(string name)
    {
        var expected = Golden.Json(name + Ending).GetProperty("native_schedule").GetProperty("weight_decay_param_elements");
        using var model = Golden.Model(name);

        Assert.AreEqual(expected.GetProperty("0.05").GetInt64(), model.Parameters.DecayedCount);
        Assert.AreEqual(expected.GetProperty("0.0").GetInt64(), model.Parameters.TrainedCount - model.Parameters.DecayedCount);
    }

    // The trace does not name its warm-up, its first two rates do: they lie one step of the linear warm-up apart.
    private static LearningRateSchedule NativeSchedule(JsonElement trace)
    {
        var baseRate = trace.GetProperty("base_lr").GetDouble();
        var rates = trace.GetProperty("steps").EnumerateArray().Take(2).Select(step => step.GetProperty("lr").GetDouble() / baseRate).ToArray();
        var warmup = (int)Math.Round(1 + ((1 - rates[0]) / (rates[1] - rates[0])));
        var config = new OptimConfig { Lr = baseRate, WarmupIterations = warmup };
        return new LearningRateSchedule(config, epochs: 300, IterationsPerEpoch, config.BaseBatchSize);
    }

    private static void AreNorms(JsonElement step, Run run, int iteration, double tolerance, double? ofStatistics = null)
    {
        Golden.IsClose(step.GetProperty("param_norm").GetDouble(), run.Norm(run.Model.Parameters), tolerance, $"parameter norm after step {iteration}");
        Golden.IsClose(step.GetProperty("ema_param_norm").GetDouble(), run.Norm(run.Average.Model.Parameters), tolerance, $"average's parameter norm after step {iteration}");
        Golden.IsClose(step.GetProperty("ema_buffer_norm").GetDouble(), run.StatisticNorm(run.Average.Model.Parameters), ofStatistics ?? tolerance, $"average's buffer norm after step {iteration}");
    }

    private static void AreNormsByName(JsonElement norms, ParameterStore parameters, double tolerance)
    {
        foreach (var norm in norms.EnumerateObject())
            Golden.IsClose(norm.Value.GetDouble(), parameters[norm.Name].norm().ToDouble(), tolerance, $"norm of {norm.Name}");
    }

    private sealed class Run : IDisposable
    {
        private readonly TrainCase _batch;
        private readonly AdamW _optimizer;
        private readonly ScalarType _type;

        public Run(string name, ScalarType type = ScalarType.Float32)
        {
            (_batch, _type) = (new TrainCase(name), type);
            Model = Golden.Model(name, type);
            Average = new ExponentialMovingAverage(Model, new EmaConfig());
            _optimizer = new AdamW(Model.Parameters, new OptimConfig());
        }

        public RtmDet Model { get; }

        public ExponentialMovingAverage Average { get; }

        public (double Cls, double Bbox) Step(double rate)
        {
            using var scope = NewDisposeScope();
            var loss = _batch.Loss.Compute(Model.Forward(_batch.Input(_type), training: true), _batch.Truths());
            loss.Total.backward();
            _optimizer.Step(rate);
            Average.Update();
            return (loss.Cls, loss.Bbox);
        }

        public double Norm(ParameterStore parameters) => NormOf(parameters, 0, parameters.TrainedCount);

        public double StatisticNorm(ParameterStore parameters) => NormOf(parameters, parameters.TrainedCount, parameters.Values.NumberOfElements - parameters.TrainedCount);

        public void Dispose()
        {
            _optimizer.Dispose();
            Average.Dispose();
            Model.Dispose();
        }

        private static double NormOf(ParameterStore parameters, long from, long count)
        {
            using var scope = NewDisposeScope();
            return parameters.Values.narrow(0, from, count).to_type(ScalarType.Float64).norm().ToDouble();
        }
    }
}

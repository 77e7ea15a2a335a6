using Sscma.Training.Configuration;

namespace Sscma.Training.Optimization;

/// <summary>
/// Linear warm-up by iteration, flat, then a cosine down to <c>min_lr_ratio</c>. Both rescale the rate of the iteration before, so
/// that a warm-up which is longer than the flat part overlaps the cosine as it does in the reference.
/// </summary>
public sealed class LearningRateSchedule
{
    private const int FlatEpochs = 2;

    private readonly double[] _rates;

    /// <summary>The schedule of one training.</summary>
    /// <param name="config">Rates and lengths.</param>
    /// <param name="epochs">Epochs in all.</param>
    /// <param name="iterationsPerEpoch">Optimiser steps per epoch.</param>
    /// <param name="batchSize">Images per step, for <c>auto_scale_lr</c>.</param>
    public LearningRateSchedule(OptimConfig config, int epochs, int iterationsPerEpoch, int batchSize)
    {
        BaseRate = BaseRateOf(config, batchSize);
        var total = (long)epochs * iterationsPerEpoch;
        WarmupIterations = (int)Math.Min(config.WarmupIterations, Math.Ceiling(total * config.WarmupCap));
        var flat = (long)(epochs * config.FlatRatio) * iterationsPerEpoch;
        var least = BaseRate * config.MinLrRatio;

        _rates = new double[total];
        var rate = BaseRate;
        for (long t = 0; t < total; t++)
        {
            rate *= WarmupStep(config.WarmupFactor, t);
            if (t > flat)
                rate = (CosineStep(t - flat, total - flat) * (rate - least)) + least;
            _rates[t] = rate;
        }
    }

    private LearningRateSchedule(double[] rates, double baseRate, int warmupIterations) => (_rates, BaseRate, WarmupIterations) = (rates, baseRate, warmupIterations);

    /// <summary>
    /// The schedule of quantization-aware training: one epoch of quadratic warm-up, a cosine towards <c>min_lr_ratio</c> from there to the last epoch but two, then flat. As in the
    /// reference the cosine is as long as if it had begun with the training, so it stops short of its end.
    /// </summary>
    /// <param name="config">The rate, its scaling and <c>min_lr_ratio</c>.</param>
    /// <param name="epochs">Epochs in all.</param>
    /// <param name="iterationsPerEpoch">Optimiser steps per epoch.</param>
    /// <param name="batchSize">Images per step, for <c>auto_scale_lr</c>.</param>
    public static LearningRateSchedule QuantizationAware(OptimConfig config, int epochs, int iterationsPerEpoch, int batchSize)
    {
        var baseRate = BaseRateOf(config, batchSize);
        var least = baseRate * config.MinLrRatio;
        var (begin, end) = ((long)iterationsPerEpoch, Math.Max(epochs - FlatEpochs, 1) * (long)iterationsPerEpoch);
        var rates = new double[(long)epochs * iterationsPerEpoch];
        for (long t = 0; t < rates.Length; t++)
        {
            var warmed = Math.Min(1, Math.Pow((t + 1.0) / begin, 2));
            var steps = Math.Clamp(t, begin, Math.Max(begin, end - 1)) - begin;
            rates[t] = warmed * (least + ((baseRate - least) * (1 + Math.Cos(Math.PI * steps / end)) / 2));
        }

        return new LearningRateSchedule(rates, baseRate, iterationsPerEpoch);
    }

    /// <summary>The rate after the warm-up.</summary>
    public double BaseRate { get; }

    /// <summary>Length of the warm-up after <c>warmup_cap</c>.</summary>
    public int WarmupIterations { get; }

    /// <summary>Iterations in all.</summary>
    public int Iterations => _rates.Length;

    /// <summary>The learning rate of an iteration, counted from 0.</summary>
    public double this[int iteration] => _rates[iteration];

    private static double BaseRateOf(OptimConfig config, int batchSize) => config.AutoScaleLr ? config.Lr * batchSize / config.BaseBatchSize : config.Lr;

    // The factor at t is first + (1 − first)·t/(W − 1); this is its ratio to the one at t − 1.
    private double WarmupStep(double first, long t)
    {
        if (WarmupIterations < 2 || t >= WarmupIterations)
            return 1;
        double Factor(long at) => first + ((1 - first) * at / (WarmupIterations - 1));
        return t == 0 ? Factor(0) : Factor(t) / Factor(t - 1);
    }

    // (1 + cos(πk/T))/2 is the part of the way that is left at step k; this is its ratio to the one at k − 1.
    private static double CosineStep(long k, long steps) => (1 + Math.Cos(Math.PI * k / steps)) / (1 + Math.Cos(Math.PI * (k - 1) / steps));
}

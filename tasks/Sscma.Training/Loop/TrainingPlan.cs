using Sscma.Training.Configuration;

namespace Sscma.Training.Loop;

/// <summary>When what happens: epochs, iterations, the switch of the stages, validations.</summary>
/// <param name="Epochs">Epochs in all, E.</param>
/// <param name="Images">Images per epoch.</param>
/// <param name="BatchSize">Images per iteration; the last one of an epoch takes what is left.</param>
/// <param name="Stage2Start">The first epoch of stage 2, counted from 0.</param>
/// <param name="ValInterval">Epochs between validations in stage 1.</param>
public sealed record TrainingPlan(int Epochs, int Images, int BatchSize, int Stage2Start, int ValInterval)
{
    /// <summary>Iterations per epoch.</summary>
    public int IterationsPerEpoch => (Images + BatchSize - 1) / BatchSize;

    /// <summary>Iterations in all.</summary>
    public int Iterations => Epochs * IterationsPerEpoch;

    /// <summary>Positions of the training order in all.</summary>
    public long Positions => (long)Epochs * Images;

    /// <summary>The plan of a configuration.</summary>
    public static TrainingPlan Of(TrainConfig config, int images) => new(
        config.MaxEpochs,
        images,
        config.BatchSize,
        // A schedule of 300 epochs with a last stage of 20, cut to 20 epochs, would have no first stage at all.
        config.Stage2Epochs < config.MaxEpochs ? config.MaxEpochs - config.Stage2Epochs : config.MaxEpochs / 2,
        config.ValInterval);

    /// <summary>The position of the training order at which an iteration begins.</summary>
    public long PositionOf(int iteration) => ((long)(iteration / IterationsPerEpoch) * Images) + ((long)(iteration % IterationsPerEpoch) * BatchSize);

    /// <summary>Whether an epoch, counted from 0, ends with a validation: every interval, every epoch of stage 2, and the last.</summary>
    public bool ValidatesAfter(int epoch) => (epoch + 1) % ValInterval == 0 || epoch >= Stage2Start || epoch + 1 == Epochs;
}

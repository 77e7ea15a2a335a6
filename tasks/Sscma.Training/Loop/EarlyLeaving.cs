using Sscma.Training.Configuration;

namespace Sscma.Training.Loop;

/// <summary>Whether a training should end before its last epoch: good enough, not getting better, or out of time.</summary>
internal sealed class EarlyLeaving(TrainConfig config)
{
    /// <summary>Whether the time that it may take is over.</summary>
    public bool TimeIsUp(TrainingState state) => config.MaxMinutes > 0 && state.Seconds >= config.MaxMinutes * 60;

    /// <summary>Why to end after the last epoch in <paramref name="state"/>; null to go on.</summary>
    public string? Reason(TrainingState state)
    {
        var last = state.Epochs[^1];
        if (config.TargetMap > 0 && last.Metrics is { } metrics && metrics.MAP >= config.TargetMap)
            return FormattableString.Invariant($"the target mAP {config.TargetMap} is reached");
        if (config.Patience > 0 && last.Metrics is not null && last.Epoch - state.BestEpoch >= config.Patience)
            return FormattableString.Invariant($"no validation was better for {last.Epoch - state.BestEpoch} epochs (patience {config.Patience})");
        return TimeIsUp(state) ? FormattableString.Invariant($"the time of {config.MaxMinutes} minutes is over") : null;
    }
}

using Sscma.Training.Configuration;
using Sscma.Training.Devices;
using Sscma.Training.Weights;

namespace Sscma.Training.Loop;

/// <summary>What a training begins with.</summary>
/// <param name="Data">The dataset and the configuration.</param>
/// <param name="Weights">Weights to go on from; null for others.</param>
/// <param name="Pretrained">Weights from elsewhere, as far as they fit; null for random ones.</param>
/// <param name="Remarks">What the log says first.</param>
internal sealed record TrainingStart(TrainingData Data, StartingWeights? Weights, PretrainedStart? Pretrained, IReadOnlyList<string> Remarks)
{
    /// <summary>The configuration of all stages, where this training is one of several; null for that of the data.</summary>
    public DetectorConfig? Effective { get; init; }

    /// <summary>The dataset and the configuration; weights to go on from decide the number of epochs.</summary>
    public TrainingData Data { get; } = Weights is null ? Data : Data with { Config = Data.Config with { Train = Data.Config.Train with { MaxEpochs = Weights.Epochs } } };

    /// <summary>The configuration as config.effective.yaml has it.</summary>
    public string EffectiveConfig => ConfigWriter.ToYaml(Effective ?? Data.Config);

    /// <summary>Names everything that decides the bytes.</summary>
    public TrainingFingerprint Inputs(ComputePlan compute) => TrainingFingerprint.Of(Data, EffectiveConfig, compute, Weights, Pretrained);

    /// <summary>What the log says about it, a line each.</summary>
    public IEnumerable<string> Lines() =>
    [
        .. Remarks,
        .. Weights is not null && !Data.Config.Quantization.IsAware
            ? [$"Warm start: {Weights.Epochs} epochs more, from accepted weights that have seen {Weights.Lineage.Sum(ancestor => ancestor.Epochs)}."]
            : Array.Empty<string>(),
        .. Pretrained?.Lines() ?? [],
    ];
}

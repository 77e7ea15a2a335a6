namespace Sscma.Training.Configuration;

/// <summary>
/// Everything that decides how a detector is built and trained: one record per section of the YAML file.
/// A key is the property's name in snake_case (<c>optim.warmup_iterations</c>). The shipped files document every key;
/// the defaults here are theirs, so a missing key means the value of <c>rtmdet_nano_8xb32_300e_coco</c>.
/// </summary>
public sealed record DetectorConfig
{
    /// <summary>Shape of the network.</summary>
    public ModelConfig Model { get; init; } = new();

    /// <summary>Epochs, batches, image size.</summary>
    public TrainConfig Train { get; init; } = new();

    /// <summary>Optimiser and learning rate.</summary>
    public OptimConfig Optim { get; init; } = new();

    /// <summary>The averaged weights that are validated and saved.</summary>
    public EmaConfig Ema { get; init; } = new();

    /// <summary>Weights of the two losses.</summary>
    public LossConfig Loss { get; init; } = new();

    /// <summary>Which cells are answerable for which object.</summary>
    public AssignerConfig Assigner { get; init; } = new();

    /// <summary>What is done to training images.</summary>
    public AugmentationConfig Augmentation { get; init; } = new();

    /// <summary>How the weights get used to the integer file.</summary>
    public QuantizationConfig Quantization { get; init; } = new();

    /// <summary>How outputs become detections in validation.</summary>
    public TestConfig Test { get; init; } = new();
}

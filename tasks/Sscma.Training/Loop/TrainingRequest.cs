using Sscma.Coco;
using Sscma.Training.Configuration;

namespace Sscma.Training;

/// <summary>Everything that a training needs to know.</summary>
public sealed record TrainingRequest
{
    /// <summary>The model's name, for messages.</summary>
    public required string Model { get; init; }

    /// <summary>How to build and train. The number of classes is taken from the annotations, whatever it says.</summary>
    public required DetectorConfig Config { get; init; }

    /// <summary>The configuration for a number of training images, where it depends on it; null where <see cref="Config"/> is it.</summary>
    public Func<int, DetectorConfig>? ConfigFor { get; init; }

    /// <summary>COCO JSON of the training split.</summary>
    public required string TrainAnnotations { get; init; }

    /// <summary>Where the file names of the training split begin.</summary>
    public required string TrainImages { get; init; }

    /// <summary>COCO JSON of the validation split.</summary>
    public required string ValAnnotations { get; init; }

    /// <summary>Where the file names of the validation split begin.</summary>
    public required string ValImages { get; init; }

    /// <summary>The parts of the training split when it is more than one COCO file as it stands; else null.</summary>
    public IReadOnlyList<DatasetPart>? TrainParts { get; init; }

    /// <summary>The same of the validation split.</summary>
    public IReadOnlyList<DatasetPart>? ValParts { get; init; }

    /// <summary>Where weights, log and checkpoints go.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Weights to go on from; null for a training from scratch.</summary>
    public WarmStart? WarmStart { get; init; }

    /// <summary>Weights from elsewhere to begin with, unless <see cref="WarmStart"/> has weights that fit; null for random ones.</summary>
    public Pretrained? Pretrained { get; init; }

    /// <summary>Where to compute: <c>cpu</c>, <c>cuda</c>, <c>mps</c> or <c>auto</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads that prepare images. The result does not depend on it.</summary>
    public int LoaderThreads { get; init; } = Math.Clamp(Environment.ProcessorCount / 2, 1, 8);

    /// <summary>A line of the log every so many iterations, and at the end of each epoch.</summary>
    public int LogInterval { get; init; } = 20;

    /// <summary>A checkpoint is written at the end of an epoch when the last one is at least this old.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A checkpoint is written within an epoch, too, when the last one is at least this old: no interruption costs more.</summary>
    public TimeSpan CheckpointIntervalWithinEpoch { get; init; } = TimeSpan.FromMinutes(5);
}

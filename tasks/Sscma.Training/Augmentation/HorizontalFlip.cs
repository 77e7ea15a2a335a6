using Sscma.Training.Augmentation.Pictures;

namespace Sscma.Training.Augmentation;

/// <summary>Exchanges left and right with the given probability; boxes are mirrored at the picture's true width.</summary>
public sealed class HorizontalFlip(double probability = 0.5) : IAugmentation
{
    /// <inheritdoc/>
    public Sample Apply(Sample sample, RandomSource random, ISampleHistory history) =>
        random.Chance(probability) ? Mirror(sample) : sample;

    /// <summary>The mirror image of a sample.</summary>
    public static Sample Mirror(Sample sample) =>
        sample with { Picture = new MirroredPicture(sample.Picture), Objects = [.. sample.Objects.Select(item => item.Mirror(sample.Picture.Width))] };
}

using Sscma.Training.Augmentation.Pictures;

namespace Sscma.Training.Augmentation;

/// <summary>Multiplies hue, saturation and value by random factors 1 + U(−1, 1) · gain.</summary>
/// <param name="hue">Gain of the hue.</param>
/// <param name="saturation">Gain of the saturation.</param>
/// <param name="value">Gain of the value.</param>
public sealed class HsvAugment(double hue = 0.015, double saturation = 0.7, double value = 0.4) : IAugmentation
{
    /// <inheritdoc/>
    public Sample Apply(Sample sample, RandomSource random, ISampleHistory history)
    {
        var tables = new HsvTables(1 + random.Uniform(-hue, hue), 1 + random.Uniform(-saturation, saturation), 1 + random.Uniform(-value, value));
        return sample with { Picture = new RecoloredPicture(sample.Picture, tables) };
    }
}

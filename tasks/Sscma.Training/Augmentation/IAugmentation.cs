namespace Sscma.Training.Augmentation;

/// <summary>One step of the training pipeline. It holds options only; what it does depends on its arguments alone.</summary>
public interface IAugmentation
{
    /// <summary>Which earlier samples the step looks at; null for none.</summary>
    SampleCacheOptions? Cache => null;

    /// <summary>Changes a sample.</summary>
    /// <param name="sample">What came out of the step before.</param>
    /// <param name="random">The numbers of this step for this sample.</param>
    /// <param name="history">What came out of the step before earlier, for a step with a <see cref="Cache"/>.</param>
    /// <returns>The changed sample; without any object if the step lost them all.</returns>
    Sample Apply(Sample sample, RandomSource random, ISampleHistory history);
}

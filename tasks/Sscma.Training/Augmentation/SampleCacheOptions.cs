namespace Sscma.Training.Augmentation;

/// <summary>Which earlier samples a step that mixes samples may draw from.</summary>
/// <param name="Size">How many are kept, the newest included.</param>
/// <param name="RandomEviction">A full cache loses a random sample, never the newest, instead of the oldest.</param>
public sealed record SampleCacheOptions(int Size, bool RandomEviction = false);

using Sscma.Training.Augmentation;

namespace Sscma.Training.Tests.Augmentation;

/// <summary>A history of given samples.</summary>
internal sealed class FixedHistory(params Sample[] samples) : ISampleHistory
{
    public int Count => samples.Length;

    public Sample this[int index] => samples[index];
}

using Sscma.Training.Augmentation;

namespace Sscma.Training.Tests.Augmentation;

/// <summary>A source of drawn scenes in their natural order.</summary>
internal sealed class EndlessScenes(int count) : ISampleSource
{
    public int Count => count;

    public int IndexAt(long position) => (int)(position % count);

    public Sample Load(int index) => Scene.Random(index);
}

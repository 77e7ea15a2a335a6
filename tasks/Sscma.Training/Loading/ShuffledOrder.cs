using Sscma.Training.Augmentation;

namespace Sscma.Training.Loading;

/// <summary>The order in which an epoch shows the images: every image once, shuffled by seed and epoch. Thread-safe.</summary>
public sealed class ShuffledOrder(int count, long seed)
{
    private readonly Lock _gate = new();

    // Positions of three epochs are asked for at the same time at most, unless the dataset is tiny.
    private readonly Dictionary<long, int[]> _epochs = [];

    /// <summary>Number of images.</summary>
    public int Count => count;

    /// <summary>The image at a position, counted on from epoch to epoch.</summary>
    public int this[long position] => Epoch(position / count)[position % count];

    private int[] Epoch(long epoch)
    {
        lock (_gate)
        {
            if (_epochs.TryGetValue(epoch, out var order))
                return order;
            if (_epochs.Count >= 64)
                _epochs.Remove(_epochs.Keys.Min());
            return _epochs[epoch] = new RandomSource(seed, epoch).Permutation(count);
        }
    }
}

namespace Sscma.Training.Augmentation;

/// <summary>
/// Which positions a cache holds at any moment. The cache of the reference is filled by whatever its worker process happened to
/// load; this one follows the training order, so its content at a position is the same on every run. Thread-safe.
/// </summary>
public sealed class SampleCacheTrace(SampleCacheOptions options, RandomSource random, long first = 0)
{
    private readonly Lock _gate = new();
    private readonly List<long> _held = new(options.Size + 1);

    // Per position since the first: how many positions later it left the cache, 0 while it is inside;
    // and which earlier position left the cache for it, as a distance, 0 for none.
    private readonly List<int> _lifetimes = [];
    private readonly List<int> _victims = [];

    /// <summary>The positions in the cache when the sample at <paramref name="position"/> has just entered it, ascending; it is the last.</summary>
    public long[] At(long position)
    {
        lock (_gate)
        {
            Follow(position);
            var inside = new List<long>(options.Size);
            for (var entry = position; entry >= first && inside.Count < options.Size; entry--)
            {
                var lifetime = _lifetimes[(int)(entry - first)];
                if (lifetime == 0 || entry + lifetime > position)
                    inside.Add(entry);
            }

            inside.Reverse();
            return [.. inside];
        }
    }

    /// <summary>The position that left the cache when <paramref name="position"/> entered it, or null.</summary>
    public long? EvictedAt(long position)
    {
        lock (_gate)
        {
            Follow(position);
            var distance = _victims[(int)(position - first)];
            return distance == 0 ? null : position - distance;
        }
    }

    private void Follow(long position)
    {
        for (var next = first + _lifetimes.Count; next <= position; next++)
        {
            _held.Add(next);
            _lifetimes.Add(0);
            _victims.Add(0);
            if (_held.Count <= options.Size)
                continue;

            var victim = options.RandomEviction ? random.Below(_held.Count - 1) : 0;
            var gone = _held[victim];
            _held.RemoveAt(victim);
            _lifetimes[(int)(gone - first)] = _victims[^1] = (int)(next - gone);
        }
    }
}

namespace Sscma.Tflite.Interpretation;

/// <summary>Things side by side, cut into parts that are worth a thread's while.</summary>
internal readonly struct Cut
{
    // Some microseconds of the simplest work; a thread needs about one to begin.
    private const int LeastElements = 8192;
    private const int MostPartsPerThread = 4;

    private readonly int _length;

    /// <summary>Cuts.</summary>
    /// <param name="length">How many things there are.</param>
    /// <param name="elements">Elements that are computed for all of them.</param>
    /// <param name="threads">Threads that will share the parts.</param>
    public Cut(int length, long elements, int threads)
    {
        _length = length;
        Count = threads == 1 ? Math.Min(1, length) : (int)Math.Min(length, Math.Clamp(elements / LeastElements, 1, MostPartsPerThread * threads));
    }

    /// <summary>Number of parts; none of nothing.</summary>
    public int Count { get; }

    /// <summary>The things of a part.</summary>
    public (int First, int End) this[int part] => ((int)((long)part * _length / Count), (int)((part + 1L) * _length / Count));
}

namespace Sscma.Tflite.Interpretation;

/// <summary>Things side by side, cut into parts that are worth a thread's while.</summary>
internal readonly struct Cut
{
    // A thread needs about one microsecond to begin.
    private const double LeastNanoseconds = 3000;
    private const int MostPartsPerThread = 4;

    private readonly int _length;

    /// <summary>Cuts.</summary>
    /// <param name="length">How many things there are.</param>
    /// <param name="nanoseconds">How long one thread needs for all of them, roughly.</param>
    /// <param name="threads">Threads that will share the parts.</param>
    public Cut(int length, double nanoseconds, int threads)
    {
        _length = length;
        Count = Math.Min(length, IsWorthSharing(nanoseconds, threads) ? (int)Math.Min(nanoseconds / LeastNanoseconds, MostPartsPerThread * threads) : 1);
    }

    /// <summary>Number of parts; none of nothing.</summary>
    public int Count { get; }

    /// <summary>The things of a part.</summary>
    public (int First, int End) this[int part] => ((int)((long)part * _length / Count), (int)((part + 1L) * _length / Count));

    /// <summary>Whether several threads would be done sooner than one.</summary>
    public static bool IsWorthSharing(double nanoseconds, int threads) => threads > 1 && nanoseconds >= 2 * LeastNanoseconds;
}

namespace Sscma.Tflite.Interpretation;

/// <summary>Things side by side, cut into parts that are worth a thread's while, for the threads that share them.</summary>
internal readonly struct Cut
{
    // A thread needs about one microsecond to begin.
    private const double LeastNanoseconds = 3000;
    private const int MostPartsPerThread = 4;

    private readonly Crew _crew;
    private readonly int _length;

    /// <summary>Cuts.</summary>
    /// <param name="length">How many things there are.</param>
    /// <param name="nanoseconds">How long one thread needs for all of them, roughly.</param>
    /// <param name="crew">The threads.</param>
    public Cut(int length, double nanoseconds, Crew crew)
    {
        (_crew, _length) = (crew, length);
        Count = Math.Min(length, IsWorthSharing(nanoseconds, crew.Size) ? (int)Math.Min(nanoseconds / LeastNanoseconds, MostPartsPerThread * crew.Size) : 1);
    }

    /// <summary>Number of parts; none of nothing.</summary>
    public int Count { get; }

    /// <summary>The things of a part.</summary>
    public (int First, int End) this[int part] => ((int)((long)part * _length / Count), (int)((part + 1L) * _length / Count));

    /// <summary>Does all parts.</summary>
    public void Run(IParts work) => _crew.Run(Count, work);

    /// <summary>Whether several threads would be done sooner than one.</summary>
    public static bool IsWorthSharing(double nanoseconds, int threads) => threads > 1 && nanoseconds >= 2 * LeastNanoseconds;
}

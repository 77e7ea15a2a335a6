namespace Sscma.Tflite.Interpretation;

/// <summary>
/// Threads that share the parts of one operator's work. Each begins with a share of its own, neighbouring parts that are at the same place in every operator, so
/// that it finds in its cache what it has written before; then it takes what others have not begun. Which thread takes which part is thus open, but a part
/// always computes the same, so results do not depend on the number of threads. The caller works too, and never waits for a thread that has not begun;
/// with one thread there are no others.
/// </summary>
internal sealed class Crew : IDisposable
{
    // Operators follow one another within microseconds: worth waiting for awake, but not for long. (A spin is some 40 nanoseconds.)
    private const int SpinsBeforeSleep = 40_000;
    private const int SpinsBeforeYield = 4_000;
    private const long Closed = int.MaxValue;

    // Tickets lie so far apart that no two share a cache line, nor a pair of them.
    private const int Apart = 128 / sizeof(long);

    private readonly Thread[] _helpers;

    // One for each helper: a quick one must not take the wake-up of a slow one.
    private readonly SemaphoreSlim[] _wakes;
    private readonly bool[] _sleeping;
    private IParts? _work;
    private int _parts;

    // Of each share the round (upper half) and the next part to take (lower half). Taking a part is exchanging the whole, so nobody takes a part of a
    // round that is over.
    private readonly long[] _tickets;
    private int _left;
    private volatile bool _ended;

    public Crew(int threads)
    {
        Size = threads;
        _helpers = new Thread[threads - 1];
        _wakes = [.. _helpers.Select(_ => new SemaphoreSlim(0))];
        _sleeping = new bool[threads - 1];
        _tickets = new long[(threads + 1) * Apart];
        for (var share = 0; share < threads; share++)
            Ticket(share) = Closed;
        for (var i = 0; i < _helpers.Length; i++)
        {
            var helper = i;
            _helpers[i] = new Thread(() => Help(helper)) { IsBackground = true, Name = $"Sscma.Tflite {helper + 1}" };
            _helpers[i].Start();
        }
    }

    /// <summary>Threads, the caller included.</summary>
    public int Size { get; }

    /// <summary>Computes all parts. Returns when the last is done.</summary>
    public void Run(int parts, IParts work)
    {
        if (_helpers.Length == 0 || parts < 2)
        {
            for (var part = 0; part < parts; part++)
                work.RunPart(part, worker: 0);
            return;
        }

        // Closed while the fields change; the last round is over, so nobody reads them for it any more.
        var round = ((Volatile.Read(ref Ticket(0)) >> 32) + 1) << 32;
        for (var share = 0; share < Size; share++)
            Interlocked.Exchange(ref Ticket(share), round | Closed);
        (_work, _parts, _left) = (work, parts, parts);
        for (var share = 0; share < Size; share++)
            Interlocked.Exchange(ref Ticket(share), round | (uint)FirstOf(share, parts));
        WakeSleepers();
        TakeParts(worker: 0);
        for (var spins = 0; Volatile.Read(ref _left) > 0; spins++)
        {
            // Whoever is late may need this very core.
            if (spins < SpinsBeforeYield)
                Thread.SpinWait(1);
            else
                Thread.Yield();
        }
    }

    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        for (var helper = 0; helper < _helpers.Length; helper++)
        {
            _wakes[helper].Release();
            _helpers[helper].Join();
            _wakes[helper].Dispose();
        }
    }

    private void WakeSleepers()
    {
        for (var helper = 0; helper < _sleeping.Length; helper++)
        {
            if (Volatile.Read(ref _sleeping[helper]))
                _wakes[helper].Release();
        }
    }

    private ref long Ticket(int share) => ref _tickets[(share + 1) * Apart];

    private int FirstOf(int share, int parts) => (int)((long)share * parts / Size);

    private void TakeParts(int worker)
    {
        var done = 0;
        for (var i = 0; i < Size; i++)
        {
            var share = worker + i < Size ? worker + i : worker + i - Size;
            while (TryTake(share, out var part, out var work))
            {
                work.RunPart(part, worker);
                done++;
            }
        }

        // A round cannot end before this, so all parts were of one.
        if (done > 0)
            Interlocked.Add(ref _left, -done);
    }

    private bool TryTake(int share, out int part, out IParts work)
    {
        ref var place = ref Ticket(share);
        while (true)
        {
            var ticket = Volatile.Read(ref place);
            part = (int)ticket;
            work = Volatile.Read(ref _work)!;
            if (part >= FirstOf(share + 1, Volatile.Read(ref _parts)))
                return false;
            if (Interlocked.CompareExchange(ref place, ticket + 1, ticket) == ticket)
                return true;
        }
    }

    private void Help(int helper)
    {
        while (!_ended)
        {
            TakeParts(helper + 1);
            AwaitParts(helper);
        }
    }

    private void AwaitParts(int helper)
    {
        for (var spins = 0; spins < SpinsBeforeSleep; spins++)
        {
            if (HasParts || _ended)
                return;
            Thread.SpinWait(1);
        }

        // Announced before the last look, so that a caller who starts a round in between sees it. A wake-up too many only costs a look.
        Volatile.Write(ref _sleeping[helper], true);
        Interlocked.MemoryBarrier();
        while (!HasParts && !_ended)
            _wakes[helper].Wait();
        Volatile.Write(ref _sleeping[helper], false);
    }

    private bool HasParts
    {
        get
        {
            var parts = Volatile.Read(ref _parts);
            for (var share = 0; share < Size; share++)
            {
                if ((int)Volatile.Read(ref Ticket(share)) < FirstOf(share + 1, parts))
                    return true;
            }

            return false;
        }
    }
}

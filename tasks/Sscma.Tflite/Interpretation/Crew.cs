namespace Sscma.Tflite.Interpretation;

/// <summary>
/// Threads that share the parts of one operator's work. Which thread takes which part is open, but a part always computes the same, so results do not
/// depend on the number of threads. The caller works too, and never waits for a thread that has not begun; with one thread there are no others.
/// </summary>
internal sealed class Crew : IDisposable
{
    // Operators follow one another within microseconds: worth waiting for awake, but not for long.
    private const int SpinsBeforeSleep = 2000;
    private const long Closed = int.MaxValue;

    private readonly Thread[] _helpers;

    // One for each helper: a quick one must not take the wake-up of a slow one.
    private readonly SemaphoreSlim[] _wakes;
    private readonly bool[] _sleeping;
    private IParts? _work;
    private int _parts;

    // The round (upper half) and the next part to take (lower half). Taking a part is exchanging the whole, so nobody takes a part of a round that is over.
    private long _ticket = Closed;
    private int _left;
    private volatile bool _ended;

    public Crew(int threads)
    {
        Size = threads;
        _helpers = new Thread[threads - 1];
        _wakes = [.. _helpers.Select(_ => new SemaphoreSlim(0))];
        _sleeping = new bool[threads - 1];
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
        var round = ((Volatile.Read(ref _ticket) >> 32) + 1) << 32;
        Interlocked.Exchange(ref _ticket, round | Closed);
        (_work, _parts, _left) = (work, parts, parts);
        Interlocked.Exchange(ref _ticket, round);
        WakeSleepers();
        TakeParts(worker: 0);
        var spin = default(SpinWait);
        while (Volatile.Read(ref _left) > 0)
            spin.SpinOnce(sleep1Threshold: -1);
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

    private void TakeParts(int worker)
    {
        while (true)
        {
            var ticket = Volatile.Read(ref _ticket);
            var part = (int)ticket;
            var (parts, work) = (Volatile.Read(ref _parts), Volatile.Read(ref _work));
            if (part >= parts)
                return;
            if (Interlocked.CompareExchange(ref _ticket, ticket + 1, ticket) != ticket)
                continue;
            work!.RunPart(part, worker);
            Interlocked.Decrement(ref _left);
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
            Thread.SpinWait(20);
        }

        // Announced before the last look, so that a caller who starts a round in between sees it. A wake-up too many only costs a look.
        Volatile.Write(ref _sleeping[helper], true);
        Interlocked.MemoryBarrier();
        while (!HasParts && !_ended)
            _wakes[helper].Wait();
        Volatile.Write(ref _sleeping[helper], false);
    }

    private bool HasParts => (int)Volatile.Read(ref _ticket) < Volatile.Read(ref _parts);
}

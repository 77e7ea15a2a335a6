using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Sscma.Training.Augmentation;

namespace Sscma.Training.Loading;

/// <summary>
/// Makes batches on background threads, a few ahead of the training step. The batches do not depend on the number of threads:
/// every sample is a function of its position, and its place in a batch is fixed before a thread makes it.
/// </summary>
public sealed class BatchLoader : IDisposable
{
    private const int BatchesAhead = 3;

    private readonly Func<long, Sample> _sampleAt;
    private readonly int _batchSize;
    private readonly int _epochLength;
    private readonly int _imageSize;
    private readonly long _end;
    private readonly Thread[] _threads;
    private readonly ConcurrentBag<byte[]> _buffers = [];
    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<Work> _ready = [];
    private readonly SemaphoreSlim _room = new(BatchesAhead);
    private readonly SemaphoreSlim _begun = new(0);
    private readonly CancellationTokenSource _stop = new();
    private Work? _open;
    private long _next;

    /// <summary>Starts loading.</summary>
    /// <param name="sampleAt">Makes the sample at a position; called from several threads.</param>
    /// <param name="epochLength">Positions per epoch. The last batch of an epoch is smaller if the batch size does not divide it.</param>
    /// <param name="batchSize">Images per batch, N.</param>
    /// <param name="imageSize">Width and height of every picture in pixels.</param>
    /// <param name="first">The position to begin with.</param>
    /// <param name="end">The position to stop before.</param>
    /// <param name="threads">Threads to use.</param>
    public BatchLoader(Func<long, Sample> sampleAt, int epochLength, int batchSize, int imageSize, long first, long end, int threads)
    {
        (_sampleAt, _epochLength, _batchSize, _imageSize) = (sampleAt, epochLength, batchSize, imageSize);
        (_next, _end) = (first, end);
        _threads = [.. Enumerable.Range(0, threads).Select(index => new Thread(Run) { IsBackground = true, Name = $"loader {index}" })];
        foreach (var thread in _threads)
            thread.Start();
    }

    /// <summary>Waits for the next batch. The caller disposes it.</summary>
    /// <exception cref="InvalidOperationException">The end was reached.</exception>
    public TrainingBatch Next(CancellationToken cancellation)
    {
        _begun.Wait(cancellation);
        if (!_ready.TryDequeue(out var work))
            throw new InvalidOperationException("no batch is left");

        work.Finished.Wait(cancellation);
        _room.Release();
        work.Problem?.Throw();
        return work.Batch;
    }

    /// <summary>Stops the threads.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (var thread in _threads)
            thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            while (Take() is var (work, index, position))
                work.Make(index, position, _sampleAt);
        }
        catch (OperationCanceledException)
        {
            // Dispose asked for the end; nobody waits for the batches in the making.
        }
    }

    /// <summary>The next sample to make, and where it goes; null at the end.</summary>
    private (Work Work, int Index, long Position)? Take()
    {
        lock (_gate)
        {
            _stop.Token.ThrowIfCancellationRequested();
            if (_open is null)
            {
                if (_next >= _end)
                {
                    _begun.Release();
                    return null;
                }

                // Waiting inside the lock is meant: the other threads would only wait for the same room.
                _room.Wait(_stop.Token);
                Open();
            }

            var work = _open!;
            var index = work.Taken++;
            if (work.Taken == work.Batch.Count)
                _open = null;
            return (work, index, _next++);
        }
    }

    private void Open()
    {
        var left = _epochLength - (int)(_next % _epochLength);
        var count = (int)Math.Min(Math.Min(_batchSize, left), _end - _next);
        if (!_buffers.TryTake(out var pixels))
            pixels = GC.AllocateUninitializedArray<byte>(_batchSize * _imageSize * _imageSize * 3);
        _open = new Work(new TrainingBatch(count, _imageSize, pixels, _buffers.Add));
        _ready.Enqueue(_open);
        _begun.Release();
    }

    /// <summary>A batch in the making.</summary>
    private sealed class Work(TrainingBatch batch)
    {
        private int _missing = batch.Count;

        public TrainingBatch Batch => batch;

        public ManualResetEventSlim Finished { get; } = new();

        public ExceptionDispatchInfo? Problem { get; private set; }

        /// <summary>Samples that a thread has taken on; guarded by the loader's lock.</summary>
        public int Taken { get; set; }

        public void Make(int index, long position, Func<long, Sample> sampleAt)
        {
            try
            {
                var sample = sampleAt(position);
                batch.Objects[index] = sample.Objects;
                sample.Picture.Render(sample.Picture.Bounds, batch.Image(index));
            }
            catch (Exception problem)
            {
                // Thrown again where the batch is asked for: there the training ends.
                Problem = ExceptionDispatchInfo.Capture(problem);
            }

            if (Interlocked.Decrement(ref _missing) == 0)
                Finished.Set();
        }
    }
}

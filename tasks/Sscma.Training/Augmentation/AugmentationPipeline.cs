using System.Collections.Concurrent;

namespace Sscma.Training.Augmentation;

/// <summary>
/// The steps of one stage over an endless line of positions. The sample at a position is a function of the seed and the position alone:
/// any thread may ask for any position at any time, and a training that goes on after an interruption sees what it would have seen.
/// </summary>
public sealed class AugmentationPipeline
{
    /// <summary>
    /// A sample that lost all its objects is replaced by another image this many times. A dataset of few small objects could
    /// otherwise be searched for ever; after that the sample goes out empty, as background.
    /// </summary>
    private const int MaxAttempts = 16;

    // What a position remembers is dropped so many positions after its last use, for threads that lag behind.
    // Dropping too early costs time only: everything can be computed again.
    private const int Slack = 256;

    private readonly IAugmentation[] _steps;
    private readonly SampleCacheTrace?[] _traces;
    private readonly ISampleSource _source;
    private readonly long _seed;
    private readonly long _first;
    private readonly ConcurrentDictionary<(int Step, long Position), Lazy<Sample>> _kept = [];

    /// <summary>Makes the pipeline of a stage.</summary>
    /// <param name="steps">What is done, first to last.</param>
    /// <param name="source">The images in their training order.</param>
    /// <param name="seed">Source of all randomness.</param>
    /// <param name="first">The position at which the stage begins; its caches are empty then.</param>
    public AugmentationPipeline(IEnumerable<IAugmentation> steps, ISampleSource source, long seed, long first = 0)
    {
        _steps = [.. steps];
        (_source, _seed, _first) = (source, seed, first);
        _traces = [.. _steps.Select((step, index) => step.Cache is { } cache ? new SampleCacheTrace(cache, new RandomSource(seed, first, index), first) : null)];
    }

    /// <summary>Makes the sample at a position, at or after the first one.</summary>
    public Sample At(long position)
    {
        var sample = Run(_steps.Length, position);
        Forget(position - Slack);
        return sample;
    }

    /// <summary>The first <paramref name="count"/> steps at a position, until a sample with an object comes out.</summary>
    private Sample Run(int count, long position)
    {
        var sample = Try(count, position, 0);
        for (var attempt = 1; attempt < MaxAttempts && sample.Objects.Count == 0; attempt++)
            sample = Try(count, position, attempt);
        return sample;
    }

    private Sample Try(int count, long position, int attempt)
    {
        if (count == 0)
            return _source.Load(attempt == 0 ? _source.IndexAt(position) : new RandomSource(_seed, position, attempt).Below(_source.Count));

        var step = count - 1;
        var input = attempt == 0 && _traces[step] is not null ? Keep(step, position) : Try(step, position, attempt);
        return _steps[step].Apply(input, new RandomSource(_seed, position, attempt, step), new History(this, step, position, input));
    }

    /// <summary>What reaches a step with a cache, computed once however often it is drawn.</summary>
    private Sample Keep(int step, long position) => _kept.GetOrAdd((step, position), key => new Lazy<Sample>(() =>
    {
        var sample = Run(key.Step, key.Position);

        // A mosaic's pixels are worth keeping. Before the first cache a picture is a view of an image in memory and stays one.
        return _traces.AsSpan(0, key.Step).ContainsAnyExcept((SampleCacheTrace?)null) ? sample.Rendered() : sample;
    })).Value;

    private void Forget(long position)
    {
        if (position < _first)
            return;
        for (var step = 0; step < _steps.Length; step++)
        {
            if (_traces[step]?.EvictedAt(position) is { } gone)
                _kept.TryRemove((step, gone), out _);
        }
    }

    private sealed class History(AugmentationPipeline pipeline, int step, long position, Sample own) : ISampleHistory
    {
        private readonly long[] _positions = pipeline._traces[step]?.At(position) ?? [position];

        public int Count => _positions.Length;

        public Sample this[int index] => _positions[index] == position ? own : pipeline.Keep(step, _positions[index]);
    }
}

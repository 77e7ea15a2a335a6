using System.Globalization;
using Sscma.Build.Cache;
using Sscma.Diagnostics;

namespace Sscma.Build.Worker;

/// <summary>
/// The artifact cache as a stage uses it. Options: cacheFolder (none: there is no cache), cacheBytes, cacheWrite, outputs, records, plainKeyDigest.
/// Trouble with the cache is a warning: the result is made and stands in the work folder all the same.
/// </summary>
internal sealed class StageCache
{
    private readonly WorkerOptions _options;
    private readonly WorkerContext _context;
    private readonly string _key;
    private readonly string _stage;
    private readonly ArtifactCache? _cache;
    private readonly bool _writes;

    /// <summary>The cache for one run.</summary>
    /// <param name="stage">The stage's name, which is the verb's.</param>
    /// <param name="key">SHA-256 of its key.</param>
    /// <param name="options">What the stage was asked.</param>
    /// <param name="context">What it talks to.</param>
    public StageCache(string stage, string key, WorkerOptions options, WorkerContext context)
    {
        _options = options;
        _context = context;
        _key = key;
        _stage = stage;
        _cache = options.Optional("cacheFolder") is { } folder
            ? new ArtifactCache(folder, long.Parse(options.Required("cacheBytes"), CultureInfo.InvariantCulture))
            : null;
        _writes = options.Optional("cacheWrite") == "true";
    }

    private string WorkFolder => _options.Required("workFolder");

    private string[] Names => [.. _options.List("outputs"), .. _options.List("records")];

    /// <summary>
    /// Waits while another build makes the same result, in whatever folder. Builds that only read the cache have nothing to wait for.
    /// </summary>
    /// <returns>What to dispose when the result is stored; null when nobody has to be kept waiting.</returns>
    public IDisposable? WaitForTurn()
    {
        if (_cache is null || !_writes)
            return null;
        var model = _options.Optional("model");
        try
        {
            return FileLock.Take(_cache.LockFile(_stage, _key), $"{model}: another build makes the same result; waiting for it", _context);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Warn($"the cache cannot be written: {problem.Message}");
            return null;
        }
    }

    /// <summary>Takes the result from the cache: the outputs with their digests, or null.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Restore()
    {
        string? remark = null;
        var outputs = _cache?.Restore(_stage, _key, WorkFolder, _options.List("outputs"), _options.List("records"), out remark);
        if (remark is not null)
            Warn(remark);
        if (outputs is not null)
            _context.Console.WriteLine($"{_options.Optional("model")}: {_stage}: taken from the cache");
        return outputs;
    }

    /// <summary>Puts the result into the cache.</summary>
    public void Store()
    {
        if (_cache is null || !_writes)
            return;
        try
        {
            _cache.Store(_stage, _key, WorkFolder, Names);
            // So that a clone with the same inputs finds the result of a warm start, whose key it cannot know.
            if (_options.Optional("plainKeyDigest") is { } plain)
                _cache.Store("lineage", plain, WorkFolder, [$"{_stage}.key"]);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Warn($"the result could not be put into the cache: {problem.Message}");
        }
    }

    private void Warn(string text) => _context.Diagnostics.Report(Diagnostic.Warning(
        Codes.CacheTrouble, $"the model '{_options.Optional("model")}': {text}", _options.Optional("project")));
}

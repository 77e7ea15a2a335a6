using Sscma.Build.Stages;
using Sscma.Files;

namespace Sscma.Build.Worker;

/// <summary>
/// Runs a verb so that what lies in the work folder afterwards is true: a stamp only under outputs that are complete,
/// and after a failure neither outputs nor what later stages once made of them.
/// A cancelled or killed stage leaves everything as it was: the stamp names the bytes that it belongs to.
/// A result goes into the artifact cache, and one that another build put there in the meantime is taken instead.
/// </summary>
internal sealed class StageRun
{
    private readonly IVerb _verb;
    private readonly WorkerOptions _options;
    private readonly WorkerContext _context;
    private readonly string[] _outputs;

    /// <summary>A verb and what it was asked. Without the option <c>stamp</c> the verb runs and nothing else happens.</summary>
    public StageRun(IVerb verb, WorkerOptions options, WorkerContext context)
    {
        _verb = verb;
        _options = options;
        _context = context;
        _outputs = options.List("outputs");
    }

    /// <summary>Runs the verb, unless another build finished the same stage while this one waited for the folder.</summary>
    /// <param name="succeeded">Asked after the verb: whether it reported no error.</param>
    public void Run(Func<bool> succeeded)
    {
        if (_options.Optional("stamp") is not { } stamp)
        {
            _verb.Run(_options, _context);
            return;
        }

        var key = _options.Required("key");
        var digest = Digest.OfBytes(System.Text.Encoding.UTF8.GetBytes(key));
        if (IsDone(stamp, digest))
        {
            _context.Console.WriteLine($"{_options.Optional("model")}: another build has done this stage");
            return;
        }

        var cache = new StageCache(_verb.Name, digest, _options, _context);
        using var turn = cache.WaitForTurn();
        if (cache.Restore() is { } restored)
        {
            AtomicFile.WriteAllText(stamp, StageStamp.Text(key, digest, restored));
            return;
        }

        if (!RunVerb(stamp, succeeded))
            return;
        AtomicFile.WriteAllText(stamp, StageStamp.Text(key, digest, _outputs.Select(Stamped)));
        cache.Store();
    }

    private bool RunVerb(string stamp, Func<bool> succeeded)
    {
        try
        {
            _verb.Run(_options, _context);
        }
        catch (OperationCanceledException) when (_context.Cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch
        {
            Discard(stamp);
            throw;
        }

        if (succeeded())
            return true;
        Discard(stamp);
        return false;
    }

    private bool IsDone(string stamp, string keyDigest)
    {
        var text = File.Exists(stamp) ? File.ReadAllText(stamp) : null;
        return StageStamp.KeyDigest(text) == keyDigest
            && StageStamp.OutputsStand(text, _outputs, output => File.Exists(PathOf(output)) ? Digest.OfFile(PathOf(output)) : null);
    }

    private KeyValuePair<string, string> Stamped(string output) => File.Exists(PathOf(output))
        ? new(output, Digest.OfFile(PathOf(output)))
        : throw new InvalidOperationException($"the verb '{_verb.Name}' ended without an error and without its output '{PathOf(output)}'");

    private void Discard(string stamp)
    {
        File.Delete(stamp);
        // A stage that never ended well may have no folder yet.
        foreach (var path in _outputs.Concat(_options.List("downstream")).Select(PathOf).Where(File.Exists))
            File.Delete(path);
    }

    private string PathOf(string relative) => Path.Combine(_options.Required("workFolder"), relative);
}

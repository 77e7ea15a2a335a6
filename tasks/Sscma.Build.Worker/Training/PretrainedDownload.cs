using System.Globalization;
using Sscma.Build.Cache;
using Sscma.Diagnostics;
using Sscma.Files;

namespace Sscma.Build.Worker.Training;

/// <summary>
/// Pretrained weights from a URL: downloaded once, known by their digest from then on. They lie in the work folder, and in the artifact cache
/// for other folders and models.
/// </summary>
internal sealed class PretrainedDownload
{
    private const string Stage = "pretrained";
    private const int BlockBytes = 1 << 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WorkerOptions _options;
    private readonly WorkerContext _context;
    private readonly string _url;
    private readonly string _digest;
    private readonly string _folder;

    /// <summary>A download.</summary>
    /// <param name="options">workFolder; cacheFolder, cacheBytes and cacheWrite where there is a cache.</param>
    /// <param name="context">What it talks to.</param>
    /// <param name="url">Where the weights are.</param>
    /// <param name="digest">Their SHA-256.</param>
    public PretrainedDownload(WorkerOptions options, WorkerContext context, string url, string digest)
    {
        (_options, _context, _url, _digest) = (options, context, url, digest.ToLowerInvariant());
        _folder = Path.Combine(options.Required("workFolder"), Stage);
    }

    /// <summary>The file, which is downloaded when it is nowhere yet.</summary>
    /// <exception cref="DiagnosticException">SSCMA2009: the bytes are others; SSCMA2010: they cannot be had.</exception>
    public string Get()
    {
        var file = Path.Combine(_folder, _digest);
        if (File.Exists(file) && Digest.OfFile(file) == _digest)
            return file;
        var cache = _options.Optional("cacheFolder") is { } folder
            ? new ArtifactCache(folder, long.Parse(_options.Required("cacheBytes"), CultureInfo.InvariantCulture))
            : null;
        if (cache?.Restore(Stage, _digest, _folder, [_digest], [], out _) is not null)
            return file;

        _context.Console.WriteLine($"{_options.Optional("model")}: downloading pretrained weights from {_url}");
        AtomicFile.Write(file, stream => DownloadAsync(stream).GetAwaiter().GetResult());
        if (cache is not null && _options.Optional("cacheWrite") == "true")
            Store(cache);
        return file;
    }

    private async Task DownloadAsync(Stream target)
    {
        try
        {
            using var client = new HttpClient { Timeout = Patience };
            using var answer = await client.GetAsync(_url, HttpCompletionOption.ResponseHeadersRead, _context.Cancellation).ConfigureAwait(false);
            answer.EnsureSuccessStatusCode();
            using var source = await answer.Content.ReadAsStreamAsync(_context.Cancellation).ConfigureAwait(false);
            await CopyAsync(source, target).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or InvalidOperationException or UriFormatException
            || (problem is OperationCanceledException && !_context.Cancellation.IsCancellationRequested))
        {
            throw new DiagnosticException(
                Diagnostic.Error(
                    Codes.PretrainedUnavailable,
                    $"the pretrained weights cannot be downloaded from '{_url}': {problem.Message} Check the network and the address, or download the file yourself and set Pretrained to its path."),
                problem);
        }

        target.Position = 0;
        var found = Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(target, _context.Cancellation).ConfigureAwait(false));
        if (found != _digest)
            throw new DiagnosticException(Codes.PretrainedDigest, $"what '{_url}' sent has the SHA-256 {found}, expected {_digest} (PretrainedSha256). Is it the file that you mean? Then write this digest.");
    }

    /// <summary>Copies, and gives up on a connection that sends nothing any more.</summary>
    private async Task CopyAsync(Stream source, Stream target)
    {
        var block = new byte[BlockBytes];
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(_context.Cancellation);
        while (true)
        {
            silence.CancelAfter(Patience);
            var length = await source.ReadAsync(block, silence.Token).ConfigureAwait(false);
            if (length == 0)
                return;
            await target.WriteAsync(block.AsMemory(0, length), _context.Cancellation).ConfigureAwait(false);
        }
    }

    private void Store(ArtifactCache cache)
    {
        try
        {
            cache.Store(Stage, _digest, _folder, [_digest]);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _context.Diagnostics.Report(Diagnostic.Warning(
                Codes.CacheTrouble, $"the model '{_options.Optional("model")}': the pretrained weights could not be put into the cache: {problem.Message}", _options.Optional("project")));
        }
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sscma.Build.Worker.Training;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.TestSupport;

namespace Sscma.Build.Worker.Tests;

[TestClass]
public sealed class PretrainedDownloadTests
{
    private static readonly byte[] Weights = Encoding.ASCII.GetBytes(new string('w', 200_000));

    private readonly string _folder = TestPaths.Scratch();
    private readonly DiagnosticList _diagnostics = new();

    [TestMethod]
    public void It_is_downloaded_once_and_then_taken_from_the_folder_or_the_cache()
    {
        var digest = Digest.OfBytes(Weights);
        using var server = new Server(Weights);

        var first = Get("one", server.Url, digest.ToUpperInvariant());
        Assert.AreSequenceEqual(Weights, File.ReadAllBytes(first));
        Assert.AreEqual(first, Get("one", server.Url, digest));
        Assert.AreSequenceEqual(Weights, File.ReadAllBytes(Get("two", server.Url, digest)), "from the cache");
        Assert.AreEqual(1, server.Requests);

        File.WriteAllText(first, "damaged");
        Assert.AreSequenceEqual(Weights, File.ReadAllBytes(Get("one", server.Url, digest)));
        Assert.AreEqual(1, server.Requests);
        Assert.IsEmpty(_diagnostics.Items);
    }

    [TestMethod]
    public void Other_bytes_are_refused_and_not_kept()
    {
        using var server = new Server(Weights);

        var error = Assert.ThrowsExactly<DiagnosticException>(() => Get("one", server.Url, new string('0', 64))).Diagnostic;

        Assert.AreEqual(Codes.PretrainedDigest, error.Code);
        Assert.Contains(Digest.OfBytes(Weights), error.Message);
        Assert.IsEmpty(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void No_network_and_no_file_are_one_error_each()
    {
        using var server = new Server(null);
        var missing = Assert.ThrowsExactly<DiagnosticException>(() => Get("one", server.Url, new string('0', 64))).Diagnostic;
        Assert.AreEqual(Codes.PretrainedUnavailable, missing.Code);
        Assert.Contains("404", missing.Message);

        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var closed = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        var offline = Assert.ThrowsExactly<DiagnosticException>(() => Get("one", $"http://127.0.0.1:{closed}/w.pth", new string('0', 64))).Diagnostic;
        Assert.AreEqual(Codes.PretrainedUnavailable, offline.Code);
        Assert.IsEmpty(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    private string Get(string work, string url, string digest) => new PretrainedDownload(
        new WorkerOptions(new Dictionary<string, string>
        {
            ["workFolder"] = Path.Combine(_folder, work), ["cacheFolder"] = Path.Combine(_folder, "cache"), ["cacheBytes"] = "1000000", ["cacheWrite"] = "true",
        }),
        new WorkerContext(_diagnostics, new StringWriter(CultureInfo.InvariantCulture), CancellationToken.None),
        url,
        digest).Get();

    /// <summary>Answers every request with some bytes; with 404 when there are none.</summary>
    private sealed class Server : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly byte[]? _bytes;
        private int _requests;

        public Server(byte[]? bytes)
        {
            _bytes = bytes;
            _listener.Start();
            new Thread(Serve) { IsBackground = true }.Start();
        }

        public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/weights.pth";

        public int Requests => _requests;

        public void Dispose() => _listener.Stop();

        private void Serve()
        {
            try
            {
                while (true)
                {
                    using var client = _listener.AcceptTcpClient();
                    using var stream = client.GetStream();
                    using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                    while (reader.ReadLine() is { Length: > 0 })
                    {
                    }

                    Interlocked.Increment(ref _requests);
                    var status = _bytes is null ? "404 Not Found" : "200 OK";
                    stream.Write(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {_bytes?.Length ?? 0}\r\nConnection: close\r\n\r\n"));
                    stream.Write(_bytes ?? []);
                }
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The test is over.
            }
        }
    }
}

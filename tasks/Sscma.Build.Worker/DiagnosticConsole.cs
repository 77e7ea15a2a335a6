using System.Text;
using Sscma.Diagnostics;

namespace Sscma.Build.Worker;

/// <summary>
/// The worker's standard output: progress lines as they are, diagnostics in the form that the tasks turn into errors and warnings.
/// UTF-8 whatever the machine's language, every line sent at once, whole lines from any thread.
/// </summary>
internal sealed class DiagnosticConsole : IDiagnosticSink, IDisposable
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private int _errors;

    /// <summary>Writes to a stream.</summary>
    public DiagnosticConsole(Stream output) =>
        Text = TextWriter.Synchronized(new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true, NewLine = "\n" });

    /// <summary>Takes progress lines.</summary>
    public TextWriter Text { get; }

    /// <summary>Errors reported so far.</summary>
    public int Errors => Volatile.Read(ref _errors);

    /// <summary>Writes a diagnostic; one that was written before is not repeated.</summary>
    public void Report(Diagnostic diagnostic)
    {
        var line = diagnostic.ToString();
        lock (_seen)
        {
            if (!_seen.Add(line))
                return;
        }

        if (diagnostic.Severity == Severity.Error)
            Interlocked.Increment(ref _errors);
        Text.WriteLine(line);
    }

    /// <inheritdoc/>
    public void Dispose() => Text.Dispose();
}

namespace Sscma.Diagnostics;

/// <summary>Keeps diagnostics in the order of their arrival.</summary>
public sealed class DiagnosticList : IDiagnosticSink
{
    private readonly List<Diagnostic> _items = [];

    /// <summary>A copy of what was reported so far.</summary>
    public IReadOnlyList<Diagnostic> Items
    {
        get
        {
            lock (_items)
                return [.. _items];
        }
    }

    /// <inheritdoc/>
    public void Report(Diagnostic diagnostic)
    {
        lock (_items)
            _items.Add(diagnostic);
    }
}

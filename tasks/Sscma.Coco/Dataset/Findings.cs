using Sscma.Diagnostics;

namespace Sscma.Coco;

/// <summary>
/// Collects what is wrong with a dataset and tells it once per cause: the first case in full, with its line, the others by name.
/// </summary>
internal sealed class Findings(Func<int, SourcePlace> placeOf, IDiagnosticSink sink)
{
    private const int NamedAtMost = 10;

    private readonly List<Cause> _causes = [];

    /// <summary>Findings in one annotation file, where an offset is a byte.</summary>
    public Findings(string file, ReadOnlyMemory<byte> text, IDiagnosticSink sink)
        : this(offset => TextPosition.Of(text.Span, offset) is var (line, column) ? new SourcePlace(file, line, column) : default, sink)
    {
    }

    /// <summary>Whether an error was found.</summary>
    public bool HasErrors => _causes.Exists(cause => cause.Severity == Severity.Error);

    /// <summary>Adds a case.</summary>
    /// <param name="severity">Of its cause.</param>
    /// <param name="code">The cause.</param>
    /// <param name="population">What it is one of: "205 images". Null tells no number.</param>
    /// <param name="subject">Its name.</param>
    /// <param name="message">All about it, should it be the first.</param>
    /// <param name="offset">Where it stands: a byte of the annotation file, or an index into the list of places.</param>
    public void Add(Severity severity, string code, string? population, string subject, string message, int offset)
    {
        var cause = _causes.Find(known => known.Code == code);
        if (cause is null)
            _causes.Add(cause = new Cause(severity, code, population, message, offset));
        cause.Subjects.Add(subject);
    }

    /// <summary>Reports the warnings; with errors among the findings, reports all but the last of them and throws that.</summary>
    /// <exception cref="DiagnosticException">There was an error.</exception>
    public void Close()
    {
        foreach (var cause in _causes.Where(cause => cause.Severity == Severity.Warning))
            sink.Report(Tell(cause));
        var errors = _causes.Where(cause => cause.Severity == Severity.Error).Select(Tell).ToList();
        _causes.Clear();
        foreach (var error in errors.SkipLast(1))
            sink.Report(error);
        if (errors.Count > 0)
            throw new DiagnosticException(errors[^1]);
    }

    private Diagnostic Tell(Cause cause)
    {
        var (file, line, column) = placeOf(cause.Offset);
        var number = cause.Population is null ? "" : $"{cause.Subjects.Count} of {cause.Population}: ";
        return new Diagnostic(cause.Severity, cause.Code, number + cause.Message + Others(cause.Subjects), file, line, column);
    }

    private static string Others(List<string> subjects)
    {
        if (subjects.Count == 1)
            return "";
        var named = string.Join(", ", subjects.Skip(1).Take(NamedAtMost));
        var rest = subjects.Count - 1 - NamedAtMost;
        return $" The same: {named}{(rest > 0 ? $" and {rest} more" : "")}.";
    }

    private sealed record Cause(Severity Severity, string Code, string? Population, string Message, int Offset)
    {
        public List<string> Subjects { get; } = [];
    }
}

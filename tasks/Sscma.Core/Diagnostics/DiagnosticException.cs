namespace Sscma.Diagnostics;

/// <summary>
/// A mistake of the user that ends the stage. It is caught at one border, printed as its diagnostic and
/// never as a stack trace. Our own bugs use other exceptions and keep theirs.
/// </summary>
public sealed class DiagnosticException(Diagnostic diagnostic, Exception? inner = null) : Exception(diagnostic.ToString(), inner)
{
    /// <summary>Makes an exception from the parts of an error.</summary>
    public DiagnosticException(string code, string message, string? file = null, int line = 0, int column = 0)
        : this(Diagnostic.Error(code, message, file, line, column))
    {
    }

    /// <summary>What the user is told.</summary>
    public Diagnostic Diagnostic { get; } = diagnostic;
}

namespace Sscma.Diagnostics;

/// <summary>Takes the warnings (and errors that do not end the stage at once) of a stage. May be called from any thread.</summary>
public interface IDiagnosticSink
{
    /// <summary>Takes one diagnostic.</summary>
    void Report(Diagnostic diagnostic);
}

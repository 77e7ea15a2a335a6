using Sscma.Diagnostics;

namespace Sscma.Training.Configuration;

/// <summary>Where a value was written: a place in a file, or an option.</summary>
internal sealed record ConfigOrigin(string? File, int Line, int Column, string? Option)
{
    /// <summary>An error at this place.</summary>
    public DiagnosticException Error(string code, string message, Exception? inner = null) => new(
        Diagnostic.Error(code, Option is null ? message : $"{Option}: {message}", File, Line, Column), inner);
}

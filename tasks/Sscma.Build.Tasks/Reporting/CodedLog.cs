using Microsoft.Build.Utilities;

namespace Sscma.Build.Tasks.Reporting;

/// <summary>The one way by which the tasks report: a code, its help link, and a text in which braces mean nothing.</summary>
internal static class CodedLog
{
    /// <summary>Logs an error; an empty or absent file leaves it to MSBuild to name the target.</summary>
    public static void Error(this TaskLoggingHelper log, string code, string message, string? file = null, int line = 0, int column = 0) =>
        log.LogError(null, code, null, HelpPage.Link(code), file, line, column, 0, 0, "{0}", message);

    /// <summary>Logs a warning; file as with <see cref="Error"/>.</summary>
    public static void Warning(this TaskLoggingHelper log, string code, string message, string? file = null, int line = 0, int column = 0) =>
        log.LogWarning(null, code, null, HelpPage.Link(code), file, line, column, 0, 0, "{0}", message);
}

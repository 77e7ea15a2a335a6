using System.Text;

namespace Sscma.Diagnostics;

/// <summary>
/// One message for the user: what was found, where, what was expected and what to do.
/// The code is one of <see cref="Codes"/>.
/// </summary>
/// <param name="Severity">Error or warning.</param>
/// <param name="Code"><c>SSCMA</c> and four digits.</param>
/// <param name="Message">One line of text.</param>
/// <param name="File">The user's file that the message is about, or null.</param>
/// <param name="Line">Line in that file counted from 1, or 0 if none.</param>
/// <param name="Column">Column in that line counted from 1, or 0 if none.</param>
public sealed record Diagnostic(
    Severity Severity, string Code, string Message, string? File = null, int Line = 0, int Column = 0)
{
    /// <summary>Makes an error.</summary>
    public static Diagnostic Error(string code, string message, string? file = null, int line = 0, int column = 0) =>
        new(Severity.Error, code, message, file, line, column);

    /// <summary>Makes a warning.</summary>
    public static Diagnostic Warning(string code, string message, string? file = null, int line = 0, int column = 0) =>
        new(Severity.Warning, code, message, file, line, column);

    /// <summary>
    /// The line that MSBuild reads as an error or a warning: <c>file(line,column): error SSCMA1001: text</c>.
    /// Line breaks inside the message would end the diagnostic early, so they become blanks.
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(File ?? "Sscma.Build");
        if (File is not null && Line > 0)
            text.Append(Column > 0 ? $"({Line},{Column})" : $"({Line})");
        text.Append(File is null ? " : " : ": ");
        text.Append(Severity == Severity.Error ? "error " : "warning ");
        text.Append(Code).Append(": ");
        text.Append(Message.ReplaceLineEndings(" "));
        return text.ToString();
    }
}

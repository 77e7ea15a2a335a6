using System.Text.RegularExpressions;

namespace Sscma.Core.Tests;

/// <summary>
/// What the doc comment of a code says: its first sentence is the cause, the rest the cure; "Warning:" before it makes it a warning.
/// </summary>
internal sealed partial record CodeEntry(string Code, string Name, string Severity, string Cause, string Cure)
{
    private const string Warning = "Warning: ";

    /// <summary>The constant's name in words.</summary>
    public string Title =>
        (Name[..1] + Hump().Replace(Name[1..], match => " " + match.Value.ToLowerInvariant()))
            .Replace(" json", " JSON", StringComparison.Ordinal).Replace("Onnx ", "ONNX ", StringComparison.Ordinal).Replace("Tflite ", "TFLite ", StringComparison.Ordinal);

    /// <summary>Reads a doc comment.</summary>
    public static CodeEntry Of(string code, string name, string comment)
    {
        var lines = comment.Split('\n').Select(line => line.Trim().TrimStart('/').Trim());
        var text = Blanks().Replace(string.Join(' ', lines), " ").Replace("<summary>", "", StringComparison.Ordinal).Replace("</summary>", "", StringComparison.Ordinal);
        text = text.Replace("<c>", "`", StringComparison.Ordinal).Replace("</c>", "`", StringComparison.Ordinal)
            .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal).Trim();
        var warns = text.StartsWith(Warning, StringComparison.Ordinal);
        if (warns)
            text = char.ToUpperInvariant(text[Warning.Length]) + text[(Warning.Length + 1)..];
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return end < 0
            ? new(code, name, warns ? "warning" : "error", text, "")
            : new(code, name, warns ? "warning" : "error", text[..(end + 1)], text[(end + 2)..]);
    }

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Hump();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

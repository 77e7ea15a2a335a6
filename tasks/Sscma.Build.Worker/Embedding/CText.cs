using System.Globalization;
using System.Text;

namespace Sscma.Build.Worker.Embedding;

/// <summary>Names, numbers and strings as C and C++ write them.</summary>
internal static class CText
{
    /// <summary>A C name: every other character becomes an underscore.</summary>
    public static string Symbol(string name)
    {
        var symbol = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
        return char.IsAsciiDigit(symbol[0]) ? $"model_{symbol}" : symbol;
    }

    /// <summary>The same for macros.</summary>
    public static string Macro(string name) => Symbol(name).ToUpperInvariant();

    /// <summary>A whole number.</summary>
    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A <c>float</c> that reads back as the same one.</summary>
    public static string Float(float value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? $"{text}.0f" : $"{text}f";
    }

    /// <summary>A C string: bytes beyond ASCII as octal escapes, which end after three digits, so no letter that follows is swallowed.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (var code in Encoding.UTF8.GetBytes(text))
        {
            if (code is (byte)'"' or (byte)'\\' or (byte)'?' or < 0x20 or >= 0x7f)
                literal.Append('\\').Append(Convert.ToString(code, 8).PadLeft(3, '0'));
            else
                literal.Append((char)code);
        }

        return literal.Append('"').ToString();
    }
}

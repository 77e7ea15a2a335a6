using System.Text;

namespace Sscma.Coco;

/// <summary>A place in a text file, counted from 1 as editors do.</summary>
internal readonly record struct TextPosition(int Line, int Column)
{
    /// <summary>The place of a byte; a column is a character, not a byte.</summary>
    public static TextPosition Of(ReadOnlySpan<byte> utf8, int offset)
    {
        var before = utf8[..Math.Clamp(offset, 0, utf8.Length)];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return new TextPosition(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }

    /// <summary>The byte that a line (from 0) and a byte in it (from 0) mean.</summary>
    public static int OffsetOf(ReadOnlySpan<byte> utf8, long line, long byteInLine)
    {
        var start = 0;
        for (; line > 0; line--)
        {
            var end = utf8[start..].IndexOf((byte)'\n');
            if (end < 0)
                break;
            start += end + 1;
        }

        return (int)Math.Min(start + byteInLine, utf8.Length);
    }
}

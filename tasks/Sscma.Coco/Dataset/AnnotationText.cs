using System.Text.Unicode;
using Sscma.Diagnostics;

namespace Sscma.Coco;

/// <summary>The bytes of an annotation file: UTF-8 without its byte order mark.</summary>
internal static class AnnotationText
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="DiagnosticException">SSCMA1001, 1003, 9002: it is not there, not UTF-8, not readable.</exception>
    public static ReadOnlyMemory<byte> Read(string path)
    {
        var text = Utf8Part(ReadBytes(path), path);
        if (Utf8.IsValid(text.Span))
            return text;
        var (line, column) = TextPosition.Of(text.Span, FirstInvalid(text.Span));
        throw new DiagnosticException(Codes.AnnotationEncoding,
            "the annotation file holds bytes that are not UTF-8. Save it as UTF-8.", path, line, column);
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DiagnosticException(Diagnostic.Error(Codes.AnnotationFileMissing,
                "the annotation file is not there. Check TrainAnnFile or ValAnnFile, which are relative to DataRoot.", path), problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(Diagnostic.Error(Codes.FileAccess, $"the annotation file cannot be read: {problem.Message}", path), problem);
        }
    }

    private static ReadOnlyMemory<byte> Utf8Part(byte[] bytes, string path)
    {
        var encoding = bytes switch
        {
            [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => "UTF-32",
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, not 0, ..] or [not 0, 0, ..] => "UTF-16",
            _ => null,
        };
        if (encoding is not null)
        {
            throw new DiagnosticException(Codes.AnnotationEncoding,
                $"the annotation file is {encoding}, where UTF-8 is needed. Save it as UTF-8 (a byte order mark does no harm).", path, 1, 1);
        }

        return bytes.AsMemory(bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0);
    }

    private static int FirstInvalid(ReadOnlySpan<byte> text)
    {
        var rest = text;
        while (System.Text.Rune.DecodeFromUtf8(rest, out _, out var length) == System.Buffers.OperationStatus.Done)
            rest = rest[length..];
        return text.Length - rest.Length;
    }
}

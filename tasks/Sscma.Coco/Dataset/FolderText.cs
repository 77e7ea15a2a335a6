using System.Text;
using Sscma.Diagnostics;

namespace Sscma.Coco;

/// <summary>Text files of a dataset that is spread over many.</summary>
internal static class FolderText
{
    /// <summary>Larger files are no labels of one picture.</summary>
    public const long MaxBytes = 16L << 20;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The whole text.</summary>
    /// <exception cref="DiagnosticException">SSCMA1001, SSCMA1003, SSCMA1032, SSCMA9002: it is not there, not UTF-8, too large, not readable.</exception>
    public static string Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
                throw new DiagnosticException(Codes.LabelFileWrong, $"the file has more than {MaxBytes >> 20} MB, which no label file has. Check that it is the right file.", path);
            return Strict.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DiagnosticException(Diagnostic.Error(Codes.AnnotationFileMissing, "the file is not there. Restore it, or correct DataRoot.", path), problem);
        }
        catch (DecoderFallbackException problem)
        {
            throw new DiagnosticException(Diagnostic.Error(Codes.AnnotationEncoding, "the file holds bytes that are not UTF-8. Save it as UTF-8.", path), problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(Diagnostic.Error(Codes.FileAccess, $"the file cannot be read: {problem.Message}", path), problem);
        }
    }
}

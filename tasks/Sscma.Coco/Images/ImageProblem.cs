using Sscma.Diagnostics;
using Sscma.Files;

namespace Sscma.Coco;

/// <summary>What can be wrong with an image file, in the user's words.</summary>
internal static class ImageProblem
{
    public static DiagnosticException Missing(string path) => new(Codes.ImageMissing,
        $"the image is not there.{CaseMatch.Remark(path)} Restore it, or remove it and its annotations from the annotation file.", path);

    public static DiagnosticException Empty(string path) => new(Codes.ImageEmpty,
        "the image file is empty (0 bytes). Restore it, or remove it and its annotations from the annotation file.", path);

    public static DiagnosticException CutShort(string path) => new(Codes.ImageCutShort,
        "the image is cut short: the file ends before the last row of the picture. Copy it again from its source, or remove it.", path);

    public static DiagnosticException Damaged(string path, string reason) => new(Codes.ImageUnreadable,
        $"the image is damaged and cannot be decoded ({reason}). Copy it again from its source, or remove it.", path);

    public static DiagnosticException ForeignCmyk(string path) => new(Codes.ImageUnreadable,
        "the image is a CMYK JPEG without Adobe's mark, so it cannot be told whether its colours are inverted. Convert it to RGB.", path);

    public static DiagnosticException TooLarge(string path, int width, int height, long limit) => new(Codes.ImageTooLarge,
        $"the image is {width}x{height} pixels, larger than the limit of {limit / 1_000_000} megapixels. Scale it down (and its boxes with it), or remove it.", path);

    public static DiagnosticException Unreadable(string path, ReadOnlySpan<byte> head) => new(Codes.ImageUnreadable,
        $"the file is {NameOf(head)}, where JPEG, PNG, BMP, GIF or WebP was expected. Convert it, or remove it.", path);

    /// <summary>What foreign content most often is.</summary>
    private static string NameOf(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("version https://git-lfs"u8))
            return "a Git LFS pointer and not the picture itself (run 'git lfs pull')";
        if (head.StartsWith("<"u8))
            return "a text of HTML or XML";
        if (head.StartsWith("%PDF"u8))
            return "a PDF document";
        if (head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8))
            return "a TIFF picture";
        if (head.Length > 12 && head[4..8].SequenceEqual("ftyp"u8))
            return "a HEIF or AVIF picture";
        if (head is [0xFF, 0xD8, ..] or [0x89, (byte)'P', (byte)'N', (byte)'G', ..])
            return "a JPEG or PNG whose header is damaged or cut short";
        return $"no known picture (it begins with the bytes {Convert.ToHexString(head[..Math.Min(8, head.Length)])})";
    }
}

using System.Buffers.Binary;
using Sscma.Diagnostics;

namespace Sscma.Coco;

/// <summary>The bytes of an image file, and what its last ones tell.</summary>
internal static class ImageBytes
{
    /// <summary>Opens a file that is there and not empty.</summary>
    public static FileStream Open(string path)
    {
        var stream = Access(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));
        if (stream.Length > 0)
            return stream;
        stream.Dispose();
        throw ImageProblem.Empty(path);
    }

    /// <summary>Reads a file that is there and not empty.</summary>
    public static byte[] ReadAll(string path)
    {
        var bytes = Access(path, () => File.ReadAllBytes(path));
        return bytes.Length > 0 ? bytes : throw ImageProblem.Empty(path);
    }

    /// <summary>The first bytes, at most 64.</summary>
    public static byte[] Head(string path)
    {
        using var stream = Open(path);
        var head = new byte[64];
        return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }

    /// <summary>The first bytes of an open file, at most 16 KB: enough for the header of a JPEG without a large preview in it.</summary>
    public static byte[] Begin(FileStream stream)
    {
        var begin = new byte[Math.Min(stream.Length, 16 << 10)];
        stream.Position = 0;
        stream.ReadExactly(begin);
        return begin;
    }

    /// <summary>
    /// Whether the file ends as its format says. Bytes behind the end are legal, so a missing mark is only a reason to look closer.
    /// </summary>
    public static bool HasEndMark(FileStream stream)
    {
        if (stream.Length < 16)
            return false;
        Span<byte> head = stackalloc byte[16];
        Span<byte> tail = stackalloc byte[8];
        stream.Position = 0;
        stream.ReadExactly(head);
        stream.Position = stream.Length - tail.Length;
        stream.ReadExactly(tail);
        return head switch
        {
            [0xFF, 0xD8, ..] => tail is [.., 0xFF, 0xD9],
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => tail.SequenceEqual(PngEnd),
            [(byte)'G', (byte)'I', (byte)'F', ..] => tail[^1] == 0x3B,
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] => BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) + 8L <= stream.Length,
            [(byte)'B', (byte)'M', ..] => BinaryPrimitives.ReadUInt32LittleEndian(head[2..]) is > 0 and var length && length <= stream.Length,
            _ => false,
        };
    }

    /// <summary>The name and the check sum of PNG's last chunk, which is always empty.</summary>
    private static ReadOnlySpan<byte> PngEnd => [(byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82];

    private static T Access<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ImageProblem.Missing(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(Diagnostic.Error(Codes.FileAccess, $"the image cannot be read: {problem.Message}", path), problem);
        }
    }
}

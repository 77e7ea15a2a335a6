using System.Security.Cryptography;

namespace Sscma.Files;

/// <summary>SHA-256 in lower-case hexadecimal: how this project names bytes.</summary>
public static class Digest
{
    /// <summary>The digest of some bytes.</summary>
    public static string OfBytes(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The digest of a file's content.</summary>
    public static string OfFile(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}

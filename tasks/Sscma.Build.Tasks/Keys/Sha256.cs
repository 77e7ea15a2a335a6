#pragma warning disable IDE0005 // the worker has implicit usings, the tasks have not
using System.IO;
using System.Security.Cryptography;
using System.Text;

namespace Sscma.Build.Tasks.Keys;

/// <summary>SHA-256 in lower-case hexadecimal. The worker compiles this file with those of the cache.</summary>
internal static class Sha256
{
    /// <summary>The digest of a text in UTF-8.</summary>
    public static string OfText(string text)
    {
        using var hash = SHA256.Create();
        return Hexadecimal(hash.ComputeHash(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The digest of a file.</summary>
    public static string OfFile(string path)
    {
        using var hash = SHA256.Create();
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return Hexadecimal(hash.ComputeHash(stream));
    }

    /// <summary>Bytes as lower-case hexadecimal digits.</summary>
    public static string Hexadecimal(byte[] bytes)
    {
        const string Digits = "0123456789abcdef";
        var text = new char[bytes.Length * 2];
        for (var i = 0; i < bytes.Length; i++)
        {
            text[2 * i] = Digits[bytes[i] >> 4];
            text[(2 * i) + 1] = Digits[bytes[i] & 15];
        }

        return new string(text);
    }
}

using System.IO;
using System.Linq;

namespace Sscma.Build.Tasks.Files;

/// <summary>Files of any kind.</summary>
internal static class BinaryFile
{
    /// <summary>Copies a file unless the copy already has its bytes. Returns whether it was written.</summary>
    public static bool CopyIfDifferent(string from, string to)
    {
        var bytes = File.ReadAllBytes(from);
        if (File.Exists(to) && new FileInfo(to).Length == bytes.Length && File.ReadAllBytes(to).SequenceEqual(bytes))
            return false;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(to))!);
        var beside = to + "." + Path.GetRandomFileName() + ".tmp";
        try
        {
            File.WriteAllBytes(beside, bytes);
            if (File.Exists(to))
                File.Replace(beside, to, null);
            else
                File.Move(beside, to);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }

        return true;
    }
}

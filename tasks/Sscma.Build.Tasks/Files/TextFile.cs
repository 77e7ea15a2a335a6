using System.IO;
using System.Text;

namespace Sscma.Build.Tasks.Files;

/// <summary>Small text files, UTF-8 without a byte order mark, replaced as a whole.</summary>
internal static class TextFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes beside the final place and moves it there: a reader sees the old text or the new one.</summary>
    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var beside = path + "." + Path.GetRandomFileName() + ".tmp";
        try
        {
            File.WriteAllText(beside, text, Utf8);
            if (File.Exists(path))
                File.Replace(beside, path, null);
            else
                MoveOrReplace(beside, path);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>The text of a file, or null if there is none.</summary>
    public static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path, Utf8);
        }
        catch (IOException absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static void MoveOrReplace(string beside, string path)
    {
        try
        {
            File.Move(beside, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another build wrote it between the question and the move.
            File.Replace(beside, path, null);
        }
    }
}

using System.Text;

namespace Sscma.Files;

/// <summary>
/// Writes a file beside its final place and then moves it there: a reader sees the old bytes or the new ones,
/// never half of them, and a build that is killed leaves no half-written artifact under a final name.
/// </summary>
public static class AtomicFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes what <paramref name="write"/> puts into the stream.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var beside = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var stream = new FileStream(beside, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>Removes what killed processes left beside files of a folder. Nobody else may be writing them.</summary>
    /// <param name="folder">The folder; it need not exist.</param>
    /// <param name="names">The files' names, with wildcards.</param>
    public static void RemoveLeftovers(string folder, params ReadOnlySpan<string> names)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var name in names)
        {
            foreach (var file in Directory.GetFiles(folder, $"{name}.*.tmp"))
                File.Delete(file);
        }
    }

    /// <summary>Writes bytes.</summary>
    public static void WriteAllBytes(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    public static void WriteAllText(string path, string text) => WriteAllBytes(path, Utf8.GetBytes(text));

    /// <summary>
    /// Writes text unless the file already holds it, so that nothing downstream sees a new time stamp.
    /// Returns whether the file was written.
    /// </summary>
    public static bool WriteIfDifferent(string path, string text)
    {
        if (File.Exists(path) && File.ReadAllText(path, Utf8) == text)
            return false;
        WriteAllText(path, text);
        return true;
    }
}

using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Sscma.Build.Tasks.Files;

namespace Sscma.Build.Tasks.Keys;

/// <summary>
/// Many files in one line of a key: their number and the digest of the list <c>digest name</c>. The list lies in a file named after its digest.
/// </summary>
internal static class DigestList
{
    // Two splits of a few models, now and before; an older list is only missed by a message.
    private const int Kept = 24;

    /// <summary>Keeps a list and returns the text that stands for it: <c>count digest</c>.</summary>
    public static string Keep(string folder, IReadOnlyList<KeyValuePair<string, string>> files)
    {
        var text = new StringBuilder(files.Count * 96);
        foreach (var file in files)
            text.Append(file.Value).Append(' ').Append(file.Key).Append('\n');
        var list = text.ToString();
        var digest = Sha256.OfText(list);
        var path = PathOf(folder, digest);
        if (!File.Exists(path))
        {
            TextFile.Write(path, list);
            Prune(Path.GetDirectoryName(path)!);
        }

        return $"{files.Count.ToString(CultureInfo.InvariantCulture)} {digest}";
    }

    /// <summary>The files of a list by name, or null when the text stands for none that is kept.</summary>
    public static IReadOnlyDictionary<string, string>? Read(string folder, string text)
    {
        var parts = text.Split(' ');
        if (parts.Length != 2 || TextFile.Read(PathOf(folder, parts[1])) is not { } list)
            return null;
        return list.Split('\n').Where(line => line.Length > 0).ToDictionary(line => line.Substring(line.IndexOf(' ') + 1), line => line.Substring(0, line.IndexOf(' ')));
    }

    private static string PathOf(string folder, string digest) => Path.Combine(folder, "lists", digest + ".txt");

    private static void Prune(string folder)
    {
        foreach (var old in new DirectoryInfo(folder).GetFiles("*.txt").OrderByDescending(file => file.LastWriteTimeUtc).Skip(Kept))
            old.Delete();
    }
}

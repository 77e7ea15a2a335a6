using Sscma.Files;

namespace Sscma.Build.Worker.Embedding;

/// <summary>A folder that holds what a stage generated and nothing else.</summary>
internal static class OutputFolder
{
    /// <summary>
    /// Writes the files and removes all others: what an earlier class name or another EmbedAs left would be compiled by a build that looks for files.
    /// </summary>
    public static void Replace(string folder, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        if (Directory.Exists(folder))
        {
            foreach (var path in Directory.GetFiles(folder).Where(path => !files.ContainsKey(Path.GetFileName(path))))
                File.Delete(path);
        }

        foreach (var (file, content) in files)
            AtomicFile.WriteAllBytes(Path.Combine(folder, file), content);
    }
}

namespace Sscma.Build.Worker.Provenance;

/// <summary>The commit that a folder's working tree stands at, read from its files: git itself need not be installed.</summary>
internal static class GitCommit
{
    /// <summary>The full name of the commit, or null when the folder belongs to no repository or its head names none.</summary>
    public static string? Of(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            var git = Path.Combine(at.FullName, ".git");
            if (Directory.Exists(git))
                return Head(git, git);
            if (File.Exists(git))
                return Linked(at.FullName, git);
        }

        return null;
    }

    /// <summary>A worktree or a submodule: a file that names the folder, which may name the folder of all.</summary>
    private static string? Linked(string folder, string file)
    {
        const string Word = "gitdir: ";
        var text = File.ReadAllText(file).Trim();
        if (!text.StartsWith(Word, StringComparison.Ordinal))
            return null;
        var own = Path.GetFullPath(Path.Combine(folder, text[Word.Length..]));
        var common = Path.Combine(own, "commondir");
        return Head(own, File.Exists(common) ? Path.GetFullPath(Path.Combine(own, File.ReadAllText(common).Trim())) : own);
    }

    private static string? Head(string own, string common)
    {
        const string Word = "ref: ";
        var head = Text(Path.Combine(own, "HEAD"));
        if (head is null || !head.StartsWith(Word, StringComparison.Ordinal))
            return IsName(head) ? head : null;
        var reference = head[Word.Length..];
        foreach (var folder in new[] { own, common })
        {
            if (Text(Path.Combine(folder, reference)) is { } commit && IsName(commit))
                return commit;
        }

        return Text(Path.Combine(common, "packed-refs"))?.Split('\n')
            .Select(line => line.TrimEnd('\r').Split(' '))
            .Where(parts => parts.Length == 2 && parts[1] == reference && IsName(parts[0]))
            .Select(parts => parts[0])
            .FirstOrDefault();
    }

    private static string? Text(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : null;

    /// <summary>SHA-1 or SHA-256 in hexadecimal.</summary>
    private static bool IsName(string? text) => text is { Length: 40 or 64 } && text.All(char.IsAsciiHexDigitLower);
}

#pragma warning disable IDE0005 // the worker has implicit usings, the tasks have not
using System;
using System.Collections.Generic;
using System.Linq;
using Sscma.Build.Tasks.Keys;

namespace Sscma.Build.Cache;

/// <summary>
/// The manifest of one cached result: which files, with which digests, made under which key. Its last line is the digest of the lines before it,
/// so that half a manifest is none.
/// </summary>
internal sealed class CacheEntry
{
    /// <summary>The manifest's name in the entry's folder.</summary>
    public const string FileName = "manifest";

    private const string FirstLine = "sscma-build cache entry 1";
    private const string LastWord = "end ";

    /// <summary>An entry.</summary>
    public CacheEntry(string key, IReadOnlyList<CachedFile> files)
    {
        Key = key;
        Files = files;
    }

    /// <summary>SHA-256 of the key's text.</summary>
    public string Key { get; }

    /// <summary>The files.</summary>
    public IReadOnlyList<CachedFile> Files { get; }

    /// <summary>Reads a manifest; null if it is none, or not a whole one.</summary>
    public static CacheEntry? Parse(string text)
    {
        var end = text.LastIndexOf("\n" + LastWord, StringComparison.Ordinal);
        if (end < 0 || text.Substring(end + 1) != LastWord + Sha256.OfText(text.Substring(0, end + 1)) + "\n")
            return null;
        var lines = text.Substring(0, end).Split('\n');
        if (lines.Length < 2 || lines[0] != FirstLine)
            return null;
        var files = lines.Skip(2).Select(CachedFile.Parse).ToList();
        return files.Contains(null) ? null : new CacheEntry(lines[1], files!);
    }

    /// <summary>The manifest's text.</summary>
    public override string ToString()
    {
        var text = $"{FirstLine}\n{Key}\n" + string.Concat(Files.Select(file => $"{file}\n"));
        return $"{text}{LastWord}{Sha256.OfText(text)}\n";
    }
}

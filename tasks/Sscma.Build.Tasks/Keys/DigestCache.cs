using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Sscma.Build.Tasks.Files;

namespace Sscma.Build.Tasks.Keys;

/// <summary>
/// Digests of files, remembered by path, size and time stamp, so that a build which changes nothing reads no image.
/// What is remembered is never trusted for a file that was written less than two seconds before it was read:
/// a second change within the time stamp's resolution would go unseen.
/// </summary>
internal sealed class DigestCache
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private volatile bool _changed;

    private DigestCache(string path) => _path = path;

    /// <summary>Reads the cache; a missing or broken line only costs the work of hashing again.</summary>
    public static DigestCache Open(string path)
    {
        var cache = new DigestCache(path);
        foreach (var line in (TextFile.Read(path) ?? "").Split('\n'))
        {
            var parts = line.Split(new[] { '|' }, 4);
            if (parts.Length == 4 && Number(parts[1]) is { } size && Number(parts[2]) is { } ticks)
                cache._entries[parts[3]] = new Entry(parts[0], size, ticks);
        }

        return cache;
    }

    /// <summary>The digest of a file, or null if there is no such file.</summary>
    public string? Of(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            return null;
        var size = file.Length;
        var written = file.LastWriteTimeUtc;
        if (_entries.TryGetValue(path, out var known) && known.Size == size && known.Ticks == written.Ticks)
            return known.Digest;

        var readAt = DateTime.UtcNow;
        var digest = Sha256.OfFile(path);
        if (readAt - written > Settled && path.IndexOf('\n') < 0)
        {
            _entries[path] = new Entry(digest, size, written.Ticks);
            _changed = true;
        }

        return digest;
    }

    /// <summary>Digests of many files, in the order of the paths; null where there is no file.</summary>
    public IReadOnlyList<string?> OfAll(IReadOnlyList<string> paths)
    {
        var digests = new string?[paths.Count];
        Parallel.For(0, paths.Count, i => digests[i] = Of(paths[i]));
        return digests;
    }

    /// <summary>Writes what was learned. Two builds at once: the last one wins, the other hashes again.</summary>
    public void Save()
    {
        if (!_changed)
            return;
        var text = new StringBuilder();
        foreach (var pair in _entries.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            text.Append(pair.Value.Digest).Append('|').Append(Text(pair.Value.Size)).Append('|').Append(Text(pair.Value.Ticks)).Append('|').Append(pair.Key).Append('\n');
        TextFile.Write(_path, text.ToString());
        _changed = false;
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private readonly struct Entry(string digest, long size, long ticks)
    {
        public string Digest { get; } = digest;

        public long Size { get; } = size;

        public long Ticks { get; } = ticks;
    }
}

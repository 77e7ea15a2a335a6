#pragma warning disable IDE0005 // the worker has implicit usings, the tasks have not
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Sscma.Build.Tasks.Keys;

namespace Sscma.Build.Cache;

/// <summary>
/// Results of stages by the digest of their keys, shared by all builds of a user. An entry appears by one rename, is read with every byte
/// checked against its digest, and disappears by one rename; so it may be used by any number of builds at once, and a build that is killed leaves
/// nothing but a temporary folder. The tasks read it, the worker writes it; both compile this file.
/// </summary>
internal sealed class ArtifactCache
{
    private const int CopyBytes = 1 << 16;

    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private readonly string _folder;
    private readonly long _limit;

    /// <summary>A cache.</summary>
    /// <param name="folder">Its folder, which is made when something is stored.</param>
    /// <param name="limit">Bytes that it may hold; the entries that were not used for longest go first.</param>
    public ArtifactCache(string folder, long limit)
    {
        _folder = folder;
        _limit = limit;
    }

    private string Entries => Path.Combine(_folder, "entries");

    private string Temporary => Path.Combine(_folder, "tmp");

    /// <summary>The file that whoever makes the result of this key holds locked, so that others wait for it instead of making it too.</summary>
    public string LockFile(string stage, string key) => Path.Combine(_folder, "locks", $"{stage}-{key}.lock");

    /// <summary>Copies a result into a work folder; the caller writes the stamp then.</summary>
    /// <param name="stage">The stage's name.</param>
    /// <param name="key">SHA-256 of its key.</param>
    /// <param name="workFolder">Where the files go.</param>
    /// <param name="outputs">Files that the result must have.</param>
    /// <param name="records">Files that it may have besides.</param>
    /// <param name="remark">What was wrong with an entry that is there; null if there is none, or a good one.</param>
    /// <returns>The outputs with their digests, or null when the cache does not have them.</returns>
    public IReadOnlyList<KeyValuePair<string, string>>? Restore(
        string stage, string key, string workFolder, IReadOnlyCollection<string> outputs, IReadOnlyCollection<string> records, out string? remark)
    {
        remark = null;
        var entry = Path.Combine(Entries, $"{stage}-{key}");
        var manifest = Path.Combine(entry, CacheEntry.FileName);
        var copies = new List<KeyValuePair<string, string>>();
        try
        {
            if (!File.Exists(manifest))
                return null;
            var found = CacheEntry.Parse(File.ReadAllText(manifest)) is { } parsed && parsed.Key == key ? parsed : throw new InvalidDataException("its manifest is damaged");
            if (outputs.Except(found.Files.Select(file => file.Name)).FirstOrDefault() is { } missing)
                throw new InvalidDataException($"it lacks '{missing}'");
            foreach (var file in found.Files.Where(file => outputs.Contains(file.Name) || records.Contains(file.Name)))
                copies.Add(new(Copy(Path.Combine(entry, file.Digest), Path.Combine(workFolder, file.Name.Replace('/', Path.DirectorySeparatorChar)), file), file.Name));
            foreach (var copy in copies)
                Move(copy.Key, Path.Combine(workFolder, copy.Value.Replace('/', Path.DirectorySeparatorChar)));
            Touch(manifest);
            return found.Files.Where(file => outputs.Contains(file.Name)).Select(file => new KeyValuePair<string, string>(file.Name, file.Digest)).ToList();
        }
        catch (InvalidDataException damaged)
        {
            remark = $"the cached result '{entry}' is not used and removed: {damaged.Message}";
            Remove(entry);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            remark = $"the cached result '{entry}' cannot be used: {problem.Message}";
        }
        finally
        {
            foreach (var copy in copies)
                File.Delete(copy.Key);
        }

        return null;
    }

    /// <summary>Stores a result, unless it is there already, and makes room.</summary>
    /// <param name="stage">The stage's name.</param>
    /// <param name="key">SHA-256 of its key.</param>
    /// <param name="workFolder">Where the files are.</param>
    /// <param name="names">The files; those that do not exist are left out.</param>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The cache must not be written.</exception>
    public void Store(string stage, string key, string workFolder, IEnumerable<string> names)
    {
        var entry = Path.Combine(Entries, $"{stage}-{key}");
        if (File.Exists(Path.Combine(entry, CacheEntry.FileName)))
            return;
        Directory.CreateDirectory(Entries);
        var beside = Path.Combine(Temporary, Path.GetRandomFileName());
        Directory.CreateDirectory(beside);
        try
        {
            var files = new List<CachedFile>();
            foreach (var name in names.OrderBy(name => name, StringComparer.Ordinal))
            {
                var path = Path.Combine(workFolder, name.Replace('/', Path.DirectorySeparatorChar));
                if (File.Exists(path))
                    files.Add(Keep(path, beside, name));
            }

            File.WriteAllText(Path.Combine(beside, CacheEntry.FileName), new CacheEntry(key, files).ToString());
            if (Directory.Exists(entry))
                Remove(entry);
            Directory.Move(beside, entry);
        }
        catch (IOException) when (File.Exists(Path.Combine(entry, CacheEntry.FileName)))
        {
            // Another build stored the same result at the same moment.
        }
        finally
        {
            if (Directory.Exists(beside))
                Directory.Delete(beside, recursive: true);
        }

        MakeRoom(keep: entry);
    }

    /// <summary>Removes the entries that were not used for longest until the rest is within the limit, and what killed builds have left.</summary>
    private void MakeRoom(string keep)
    {
        foreach (var left in new DirectoryInfo(Temporary).EnumerateDirectories().Where(folder => DateTime.UtcNow - folder.LastWriteTimeUtc > Abandoned).ToList())
            Delete(left.FullName);

        var entries = new DirectoryInfo(Entries).EnumerateDirectories()
            .Select(folder => (Folder: folder.FullName, Manifest: new FileInfo(Path.Combine(folder.FullName, CacheEntry.FileName)), Length: LengthOf(folder)))
            .OrderByDescending(entry => entry.Folder == keep)
            .ThenByDescending(entry => entry.Manifest.LastWriteTimeUtc)
            .ThenBy(entry => entry.Folder, StringComparer.Ordinal)
            .ToList();
        long kept = 0;
        foreach (var entry in entries)
        {
            kept += entry.Length;
            if (kept > _limit && entry.Folder != keep)
                Remove(entry.Folder);
        }
    }

    private static long LengthOf(DirectoryInfo folder)
    {
        try
        {
            return folder.EnumerateFiles().Sum(file => file.Length);
        }
        catch (IOException)
        {
            // Another build removes it at this moment.
            return 0;
        }
    }

    /// <summary>Out of the way by one rename, then gone: nobody sees half an entry.</summary>
    private void Remove(string entry)
    {
        try
        {
            Directory.CreateDirectory(Temporary);
            var aside = Path.Combine(Temporary, Path.GetRandomFileName());
            Directory.Move(entry, aside);
            Delete(aside);
        }
        catch (Exception taken) when (taken is IOException or UnauthorizedAccessException)
        {
            // Another build has removed it, reads it (Windows), or it is not ours to remove; it stays and is checked again when it is read.
        }
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception taken) when (taken is IOException or UnauthorizedAccessException)
        {
            // A temporary folder that cannot be removed now is removed by a later build.
        }
    }

    private static CachedFile Keep(string path, string folder, string name)
    {
        var beside = Path.Combine(folder, Path.GetRandomFileName());
        var (digest, length) = Copy(path, beside);
        var final = Path.Combine(folder, digest);
        if (File.Exists(final))
            File.Delete(beside);
        else
            File.Move(beside, final);
        return new CachedFile(digest, length, name);
    }

    /// <summary>Copies beside the final place, checking every byte. Returns the copy's path.</summary>
    private static string Copy(string from, string to, CachedFile expected)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        var beside = $"{to}.{Path.GetRandomFileName()}.tmp";
        try
        {
            var (digest, length) = File.Exists(from) ? Copy(from, beside) : throw new InvalidDataException($"'{expected.Name}' is gone");
            if (digest != expected.Digest || length != expected.Length)
                throw new InvalidDataException($"'{expected.Name}' is not the bytes that were stored");
            return beside;
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    private static (string Digest, long Length) Copy(string from, string to)
    {
        using var hash = SHA256.Create();
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, CopyBytes, FileOptions.SequentialScan);
        using var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None, CopyBytes);
        using (var hashing = new CryptoStream(target, hash, CryptoStreamMode.Write))
        {
            source.CopyTo(hashing, CopyBytes);
            hashing.FlushFinalBlock();
            target.Flush(flushToDisk: true);
        }

        return (Sha256.Hexadecimal(hash.Hash!), source.Length);
    }

    private static void Move(string from, string to)
    {
        if (File.Exists(to))
            File.Replace(from, to, null);
        else
            File.Move(from, to);
    }

    private static void Touch(string manifest)
    {
        try
        {
            File.SetLastWriteTimeUtc(manifest, DateTime.UtcNow);
        }
        catch (Exception forbidden) when (forbidden is IOException or UnauthorizedAccessException)
        {
            // A cache that may only be read: its owner's uses count.
        }
    }
}

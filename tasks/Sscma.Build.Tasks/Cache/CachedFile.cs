#pragma warning disable IDE0005 // the worker has implicit usings, the tasks have not
using System;
using System.Globalization;

namespace Sscma.Build.Cache;

/// <summary>One file of a cached result.</summary>
internal sealed class CachedFile
{
    /// <summary>A file.</summary>
    public CachedFile(string digest, long length, string name)
    {
        Digest = digest;
        Length = length;
        Name = name;
    }

    /// <summary>SHA-256 of its bytes, under which it lies in the entry's folder.</summary>
    public string Digest { get; }

    /// <summary>Its bytes.</summary>
    public long Length { get; }

    /// <summary>Its place relative to a model's work folder.</summary>
    public string Name { get; }

    /// <summary>Reads a line of the manifest; null if it is none.</summary>
    public static CachedFile? Parse(string line)
    {
        var parts = line.Split(new[] { ' ' }, 3);
        return parts.Length == 3 && parts[0].Length == 64 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? new CachedFile(parts[0], length, parts[2])
            : null;
    }

    /// <summary>The line of the manifest.</summary>
    public override string ToString() => $"{Digest} {Length.ToString(CultureInfo.InvariantCulture)} {Name}";
}

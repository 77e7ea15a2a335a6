using System;
using System.Collections.Generic;

namespace Sscma.Build.Tasks.Keys;

/// <summary>Bytes on disk that decide a result: one file, the images that an annotation file uses, or the files of a split.</summary>
internal readonly struct Source(string name, string file, string? imageFolder, Func<IReadOnlyList<KeyValuePair<string, string>>>? files = null)
{
    /// <summary>What the key calls it.</summary>
    public string Name { get; } = name;

    /// <summary>The file, or the annotation file that names the images.</summary>
    public string File { get; } = file;

    /// <summary>The folder of the images, or null when it is the file itself that counts.</summary>
    public string? ImageFolder { get; } = imageFolder;

    /// <summary>Finds names and paths of the files of a split that no single file names; else null.</summary>
    public Func<IReadOnlyList<KeyValuePair<string, string>>>? Files { get; } = files;
}

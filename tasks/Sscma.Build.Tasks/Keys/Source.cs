namespace Sscma.Build.Tasks.Keys;

/// <summary>Bytes on disk that decide a result: one file, or the images that an annotation file uses.</summary>
internal readonly struct Source(string name, string file, string? imageFolder)
{
    /// <summary>What the key calls it.</summary>
    public string Name { get; } = name;

    /// <summary>The file, or the annotation file that names the images.</summary>
    public string File { get; } = file;

    /// <summary>The folder of the images, or null when it is the file itself that counts.</summary>
    public string? ImageFolder { get; } = imageFolder;
}

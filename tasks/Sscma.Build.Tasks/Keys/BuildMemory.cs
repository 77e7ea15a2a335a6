using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using Microsoft.Build.Framework;

namespace Sscma.Build.Tasks.Keys;

/// <summary>
/// What the tasks of one build have found out about files: each of four stages asks for the same twenty thousand images, and they are looked at once.
/// </summary>
internal sealed class BuildMemory
{
    private readonly ConcurrentDictionary<string, string> _images = new(System.StringComparer.Ordinal);

    private BuildMemory(string digestCache)
    {
        Digests = DigestCache.Open(digestCache);
        Folder = Path.GetDirectoryName(Path.GetFullPath(digestCache))!;
    }

    /// <summary>Digests of files.</summary>
    public DigestCache Digests { get; }

    /// <summary>The folder above the models' work folders, where lists of images are remembered.</summary>
    public string Folder { get; }

    /// <summary>The memory of the build that a task belongs to.</summary>
    /// <param name="engine">The task's engine; one that forgets gives every task a memory of its own.</param>
    /// <param name="digestCache">The file of digests that outlives the build.</param>
    public static BuildMemory Of(IBuildEngine engine, string digestCache)
    {
        if (engine is not IBuildEngine4 keeper)
            return new BuildMemory(digestCache);
        var name = $"Sscma.Build {typeof(BuildMemory).Module.ModuleVersionId} {digestCache}";
        if (keeper.GetRegisteredTaskObject(name, RegisteredTaskObjectLifetime.Build) is BuildMemory known)
            return known;
        var memory = new BuildMemory(digestCache);
        keeper.RegisterTaskObject(name, memory, RegisteredTaskObjectLifetime.Build, allowEarlyCollection: false);
        return memory;
    }

    /// <summary>
    /// What a key says of the images that an annotation file uses: how many, and the digest of the list of their names and digests.
    /// The list itself is kept under this digest, so that a later build can name the images that changed.
    /// </summary>
    public string Images(string annotationFile, string imageFolder) =>
        _images.GetOrAdd($"{annotationFile}\n{imageFolder}", _ => Look(annotationFile, imageFolder));

    /// <summary>The same of files that are found in another way.</summary>
    /// <param name="name">What tells these files from others of the build.</param>
    /// <param name="find">Finds their names and paths.</param>
    public string Files(string name, System.Func<IReadOnlyList<KeyValuePair<string, string>>> find) => _images.GetOrAdd($"\n{name}", _ => Keep(find()));

    private string Look(string annotationFile, string imageFolder) =>
        Keep(ImageList.Of(annotationFile, Digests.Of(annotationFile), imageFolder, Folder));

    private string Keep(IReadOnlyList<KeyValuePair<string, string>> images)
    {
        var paths = new string[images.Count];
        for (var i = 0; i < paths.Length; i++)
            paths[i] = images[i].Value;
        var digests = Digests.OfAll(paths);
        var lines = new List<KeyValuePair<string, string>>(images.Count);
        for (var i = 0; i < paths.Length; i++)
            lines.Add(new(images[i].Key, digests[i] ?? "missing"));
        return DigestList.Keep(Folder, lines);
    }
}

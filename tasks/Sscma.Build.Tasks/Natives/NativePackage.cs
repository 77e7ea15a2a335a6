using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;

namespace Sscma.Build.Tasks.Natives;

/// <summary>One package of targets/Natives.props: which it is, and which of its folders holds the libraries for this machine.</summary>
internal sealed class NativePackage(ITaskItem item)
{
    /// <summary>The package's id.</summary>
    public string Id { get; } = item.ItemSpec;

    /// <summary>The exact version.</summary>
    public string Version { get; } = item.GetMetadata("Version");

    /// <summary>The variable of the worker's environment that names the folder; Sscma.Core reads it.</summary>
    public string Variable { get; } = VariableOf(item.GetMetadata("Library"));

    /// <summary>The folder of the libraries, below a folder of packages.</summary>
    public string Folder { get; } = item.GetMetadata("Folder");

    /// <summary>The variable that names the folder of a library.</summary>
    public static string VariableOf(string library) => "SSCMA_NATIVES_" + library.ToUpperInvariant();

    /// <inheritdoc/>
    public override string ToString() => $"{Id} {Version}";

    /// <summary>The libraries' folder in the first of the package folders that has it, or null.</summary>
    public string? Find(IEnumerable<string> packageFolders) =>
        packageFolders.Where(IsInstalledIn).Select(root => Path.GetFullPath(Path.Combine(root, Folder))).FirstOrDefault(Directory.Exists);

    /// <summary>NuGet writes .nupkg.metadata last: without it, a package is still being unpacked by somebody else.</summary>
    private bool IsInstalledIn(string root)
    {
        var package = Path.Combine(root, Id.ToLowerInvariant(), Version.ToLowerInvariant());
        return File.Exists(Path.Combine(package, ".nupkg.metadata"));
    }
}

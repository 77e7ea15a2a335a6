using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Microsoft.Build.Framework;
using Sscma.Build.Tasks.Files;

namespace Sscma.Build.Tasks.Natives;

/// <summary>
/// A project that does nothing but name the native packages, so that NuGet brings them by the same sources and into the same folder as the
/// project's own packages. A package cannot ask for others of the host's platform in the restore that brings the package itself: its properties
/// are not there yet.
/// </summary>
internal sealed class NativesProject(ITaskItem settings, IReadOnlyList<NativePackage> packages)
{
    // Carried over from the user's project where it sets them. Paths may be relative to that project.
    private static readonly string[] Places = ["RestorePackagesPath", "RestoreRootConfigDirectory", "RestoreConfigFile"];
    private static readonly string[] PlaceLists = ["RestoreSources", "RestoreAdditionalProjectSources", "RestoreFallbackFolders"];
    private static readonly string[] Switches = ["RestoreIgnoreFailedSources", "NuGetInteractive"];

    /// <summary>The project's file.</summary>
    public string Path { get; } = System.IO.Path.Combine(settings.GetMetadata("RestoreFolder"), "natives.proj");

    /// <summary>The folder of the user's project, whose global.json decides which .NET SDK restores.</summary>
    public string UserFolder { get; } = settings.GetMetadata("ProjectFolder");

    /// <summary>Where packages may lie: what the user's restore said, and what a restore of this project said.</summary>
    public IReadOnlyList<string> PackageFolders()
    {
        var folders = settings.GetMetadata("PackageFolders").Split(';').ToList();
        var restored = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, "obj", "natives.proj.nuget.g.props");
        if (File.Exists(restored))
            folders.AddRange(XDocument.Load(restored).Descendants().Where(entry => entry.Name.LocalName == "NuGetPackageFolders").SelectMany(entry => entry.Value.Split(';')));
        return folders.Select(folder => folder.Trim()).Where(folder => folder.Length > 0).Distinct().ToList();
    }

    /// <summary>Writes the project unless it is there as it should be.</summary>
    public void Write()
    {
        var text = Text();
        if (TextFile.Read(Path) != text)
            TextFile.Write(Path, text);
    }

    private string Text()
    {
        var project = new XElement(
            "Project",
            new XElement(
                "PropertyGroup",
                // Nothing of the tree around it applies.
                Switch("ImportDirectoryBuildProps"), Switch("ImportDirectoryBuildTargets"), Switch("ImportDirectoryPackagesProps")),
            new XElement("Import", new XAttribute("Project", "Sdk.props"), new XAttribute("Sdk", "Microsoft.NET.Sdk")),
            new XElement(
                "PropertyGroup",
                new XElement("TargetFramework", "netstandard2.0"),
                new XElement("DisableImplicitFrameworkReferences", "true"),
                Switch("NuGetAudit"), Switch("RestorePackagesWithLockFile"),
                Places.Where(IsSet).Select(name => new XElement(name, Escaped(Absolute(settings.GetMetadata(name))))),
                PlaceLists.Where(IsSet).Select(name => new XElement(name, string.Join(";", settings.GetMetadata(name).Split(';').Select(place => Escaped(Absolute(place)))))),
                Switches.Where(IsSet).Select(name => new XElement(name, Escaped(settings.GetMetadata(name))))),
            new XElement(
                "ItemGroup",
                packages.Select(package => new XElement("PackageDownload", new XAttribute("Include", package.Id), new XAttribute("Version", $"[{package.Version}]")))),
            new XElement("Import", new XAttribute("Project", "Sdk.targets"), new XAttribute("Sdk", "Microsoft.NET.Sdk")));
        return project.ToString() + "\n";
    }

    private bool IsSet(string name) => settings.GetMetadata(name).Length > 0;

    private string Absolute(string place) =>
        place.Trim() is { Length: > 0 } trimmed && trimmed.IndexOf("://", StringComparison.Ordinal) < 0 ? System.IO.Path.Combine(UserFolder, trimmed) : place.Trim();

    private static XElement Switch(string property) => new(property, "false");

    /// <summary>A value as MSBuild reads it back.</summary>
    private static string Escaped(string value) => value.Replace("%", "%25").Replace(";", "%3B").Replace("$", "%24").Replace("@", "%40").Replace("'", "%27");
}

using System.IO.Compression;
using Sscma.TestSupport;

namespace Sscma.Build.Tests.Support;

/// <summary>
/// The packages of this working tree in a folder, packed from what is already built, under a version that nothing else has.
/// What else a consumer needs comes from the machine's own NuGet folder, so no test needs a network.
/// </summary>
internal sealed class PackageFeed
{
    private static readonly Lazy<PackageFeed> Once = new(() => new PackageFeed());

    private PackageFeed()
    {
        foreach (var project in new[] { "package", "tasks/Sscma.Core", "tasks/Sscma.Tflite" })
        {
            string[] arguments = ["pack", project, "-c", Setting("Configuration"), "--no-build", "--no-restore", "-o", Path.Combine(Root, "feed"), $"-p:Version={Version}"];
            DotNet.Run(TestPaths.Repository, new Dictionary<string, string>(), [.. arguments, "-tl:off", "-v:m"]).MustSucceed();
        }
    }

    /// <summary>The feed of this run, packed when it is first asked for.</summary>
    public static PackageFeed Shared => Once.Value;

    /// <summary>The version of the packed packages.</summary>
    public static string Version => "9.9.9-test";

    /// <summary>The machine's NuGet folder.</summary>
    public static string MachinePackages => Setting("Packages");

    private string Root { get; } = TestPaths.Scratch();

    /// <summary>A packed file.</summary>
    public string File(string id) => Path.Combine(Root, "feed", $"{id}.{Version}.nupkg");

    /// <summary>The content of a packed file.</summary>
    public ZipArchive Open(string id) => ZipFile.OpenRead(File(id));

    /// <summary>A project folder that restores from here, into a folder of its own; what the machine has is not copied.</summary>
    public PackageConsumer Consumer(string name, bool machinePackages = true)
    {
        var consumer = new PackageConsumer(Path.Combine(Root, name));
        var machine = machinePackages ? $"""<add key="machine" value="{MachinePackages}" />""" : "";
        consumer.Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="../feed" />{machine}</packageSources>
              <fallbackPackageFolders><clear />{machine}</fallbackPackageFolders>
              <config><add key="globalPackagesFolder" value="../packages{(machinePackages ? "" : " alone")}" /></config>
            </configuration>
            """);
        return consumer;
    }

    /// <summary>Removes the feed of this run and all that its consumers wrote.</summary>
    public static void Remove()
    {
        if (Once.IsValueCreated)
            Directory.Delete(Shared.Root, recursive: true);
    }

    private static string Setting(string name) => (string)AppContext.GetData($"Sscma.Tests.{name}")!;
}

using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sscma.Build.Tests.Support;
using Sscma.TestSupport;

namespace Sscma.Build.Tests;

/// <summary>What is in the packages, and what is not.</summary>
[TestClass]
public sealed class PackageContentTests
{
    [TestMethod]
    public void The_build_package_holds_the_build_and_is_small()
    {
        Assert.IsLessThan(15_000_000, new FileInfo(PackageFeed.Shared.File("Sscma.Build")).Length);
        using var package = PackageFeed.Shared.Open("Sscma.Build");
        var files = package.Entries.Select(entry => entry.FullName).ToHashSet();
        foreach (var file in new[]
        {
            "build/Sscma.Build.props", "build/Sscma.Build.targets", "build/Natives.props", "build/Sscma.Build.Versions.props", "build/configs/rtmdet_nano_8xb32_300e_coco.yaml",
            "build/cmake/SscmaConfig.cmake", "build/cmake/SscmaBuildModel.cmake",
            "buildMultiTargeting/Sscma.Build.props", "buildMultiTargeting/Sscma.Build.targets", "Sdk/Sdk.props", "Sdk/Sdk.targets", "tasks/netstandard2.0/Sscma.Build.Tasks.dll",
            "tools/net10.0/Sscma.Build.Worker.dll", "tools/net10.0/Sscma.Build.Worker.deps.json", "tools/net10.0/Sscma.Build.Worker.runtimeconfig.json", "tools/net10.0/TorchSharp.dll",
            "tools/net10.0/Google.FlatBuffers.dll", "docs/diagnostics.md", "README.md", "LICENSE", "THIRD-PARTY-NOTICES.txt",
        })
            Assert.Contains(file, files);
        // Whatever joins targets/ ships, but for what serves this repository alone.
        var targets = Path.Combine(TestPaths.Repository, "targets");
        foreach (var file in Directory.GetFiles(targets, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(targets, file).Replace('\\', '/')))
        {
            if (file is not ("InRepo.props" or "Natives.targets"))
                Assert.Contains($"build/{file}", files);
        }

        Assert.IsEmpty(files.Where(file => Regex.IsMatch(file, @"^(lib|ref|runtimes|content|contentFiles|buildTransitive)/|^tools/.*\.(so|dylib|xml)$")).ToList());

        var notices = Text(package, "THIRD-PARTY-NOTICES.txt");
        foreach (var foreign in files.Where(file => file.StartsWith("tools/", StringComparison.Ordinal) && file.EndsWith(".dll", StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension))
        {
            if (!foreign!.StartsWith("Sscma.", StringComparison.Ordinal))
                Assert.Contains(foreign, notices);
        }
    }

    [TestMethod]
    public void The_build_package_is_a_development_dependency_without_dependencies_and_without_this_machines_paths()
    {
        using var package = PackageFeed.Shared.Open("Sscma.Build");
        var manifest = Text(package, "Sscma.Build.nuspec");
        Assert.Contains("<developmentDependency>true</developmentDependency>", manifest);
        Assert.DoesNotContain("<dependenc", manifest);

        var runtime = Text(package, "tools/net10.0/Sscma.Build.Worker.runtimeconfig.json");
        Assert.Contains("\"Sscma.Natives.LibTorch\": \"\"", runtime);
        foreach (var entry in package.Entries.Where(entry => Regex.IsMatch(entry.Name, @"\.(json|props|targets|yaml)$")))
        {
            Assert.DoesNotContain(PackageFeed.MachinePackages.TrimEnd('/', '\\'), Text(package, entry.FullName));
            Assert.DoesNotContain(TestPaths.Repository, Text(package, entry.FullName));
        }
    }

    [TestMethod]
    public void The_versions_are_those_of_the_repository()
    {
        var pinned = Versions(XDocument.Load(Path.Combine(TestPaths.Repository, "Directory.Packages.props")));
        using var package = PackageFeed.Shared.Open("Sscma.Build");
        var packed = Versions(XDocument.Parse(Text(package, "build/Sscma.Build.Versions.props")));
        Assert.HasCount(4, packed);
        CollectionAssert.AreEqual(pinned, packed);
    }

    [TestMethod]
    public void The_library_packages_hold_one_assembly_each_and_name_what_they_need()
    {
        foreach (var (id, needs) in new[] { ("Sscma.Core", ""), ("Sscma.Tflite", "Google.FlatBuffers Sscma.Core") })
        {
            using var package = PackageFeed.Shared.Open(id);
            Assert.AreEqual(
                $"lib/net10.0/{id}.dll lib/net10.0/{id}.xml",
                string.Join(' ', package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("lib/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)));
            var dependencies = XDocument.Parse(Text(package, $"{id}.nuspec")).Descendants().Where(entry => entry.Name.LocalName == "dependency");
            Assert.AreEqual(needs, string.Join(' ', dependencies.Select(entry => entry.Attribute("id")!.Value).Order(StringComparer.Ordinal)));
        }
    }

    private static List<string> Versions(XDocument file) => file.Descendants()
        .Where(entry => entry.Name.LocalName.StartsWith("Sscma", StringComparison.Ordinal) && entry.Name.LocalName.EndsWith("Version", StringComparison.Ordinal))
        .Select(entry => $"{entry.Name.LocalName} {entry.Value}").Order(StringComparer.Ordinal).ToList();

    private static string Text(System.IO.Compression.ZipArchive package, string file)
    {
        using var reader = new StreamReader(package.GetEntry(file)!.Open());
        return reader.ReadToEnd();
    }
}

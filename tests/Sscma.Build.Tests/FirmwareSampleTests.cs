using System.Text.Json;
using Sscma.Build.Tests.Support;
using Sscma.TestSupport;

namespace Sscma.Build.Tests;

/// <summary>The two samples.</summary>
[TestClass]
public sealed class FirmwareSampleTests
{
    private static string Sample => Path.Combine(TestPaths.Repository, "sample-project");

    [TestMethod]
    public void Both_samples_declare_one_dataset_and_one_model_so_one_training_serves_both()
    {
        var app = Items("HardwareParts.csproj");
        var firmware = Items("firmware/FirmwareParts.proj");
        Assert.AreEqual("CSharp", app["SscmaModel parts_detector EmbedAs"]);
        Assert.AreEqual("C", firmware["SscmaModel parts_detector EmbedAs"]);
        foreach (var item in new[] { app, firmware })
            item.Remove("SscmaModel parts_detector EmbedAs");
        CollectionAssert.AreEquivalent(app, firmware);
        Assert.AreEqual("40", app["SscmaModel parts_detector MaxEpochs"]);
        Assert.ContainsSingle(Directory.GetFiles(Sample, "*.*proj"), "dotnet build sample-project must find one project");
    }

    /// <summary>Every metadata of the two items that the project gives, paths absolute.</summary>
    private static Dictionary<string, string> Items(string project)
    {
        var path = Path.Combine(Sample, project);
        var evaluated = DotNet.Run(Sample, new Dictionary<string, string>(), "msbuild", path, "-getItem:SscmaDataset", "-getItem:SscmaModel");
        Assert.AreEqual(0, evaluated.ExitCode, evaluated.Output);
        using var document = JsonDocument.Parse(evaluated.Output);
        var values = new Dictionary<string, string>();
        foreach (var type in document.RootElement.GetProperty("Items").EnumerateObject())
        {
            foreach (var item in type.Value.EnumerateArray())
            {
                foreach (var metadata in item.EnumerateObject().Where(metadata => !IsMSBuilds(metadata.Name)))
                {
                    var value = metadata.Value.GetString()!;
                    values[$"{type.Name} {item.GetProperty("Identity").GetString()} {metadata.Name}"] =
                        metadata.Name == "DataRoot" ? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, value)) : value;
                }
            }
        }

        return values;
    }

    private static bool IsMSBuilds(string name) =>
        name.StartsWith("DefiningProject", StringComparison.Ordinal)
        || name is "FullPath" or "RootDir" or "Directory" or "RelativeDir" or "RecursiveDir" or "Filename" or "Extension" or "ModifiedTime" or "CreatedTime" or "AccessedTime";
}

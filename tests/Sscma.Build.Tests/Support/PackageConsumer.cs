namespace Sscma.Build.Tests.Support;

/// <summary>A project that uses the packages as a stranger would: nothing of this repository but the feed. Its worker is the stand-in unless a test says otherwise.</summary>
internal sealed class PackageConsumer
{
    private const string Annotations = """
        { "images": [ { "id": 1, "file_name": "one.png", "width": 8, "height": 8 } ],
          "annotations": [ { "id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 4, 4], "area": 16, "iscrowd": 0 } ],
          "categories": [ { "id": 1, "name": "bolt" } ] }
        """;

    private readonly Dictionary<string, string> _environment = [];

    /// <summary>An empty folder with a small dataset.</summary>
    public PackageConsumer(string folder)
    {
        Folder = folder;
        _environment["SscmaCache"] = "Off";
        _environment["SSCMA_STANDIN_RECORD"] = folder + ".calls";
        _environment["SscmaWorker"] = Fixture.StandIn;
        // The folder that nuget.config names is to be used, whatever the test run's environment says.
        _environment["NUGET_PACKAGES"] = "";
        foreach (var split in new[] { "train", "valid" })
        {
            Write($"data/{split}/_annotations.coco.json", Annotations);
            Write($"data/{split}/one.png", $"pixels of {split}");
        }
    }

    /// <summary>The project's folder.</summary>
    public string Folder { get; }

    /// <summary>The line that brings the package.</summary>
    public static string Reference => $"""<ItemGroup><PackageReference Include="Sscma.Build" Version="{PackageFeed.Version}" PrivateAssets="all" /></ItemGroup>""";

    /// <summary>What the stand-in was asked for since this was last read.</summary>
    public string Calls
    {
        get
        {
            var record = _environment["SSCMA_STANDIN_RECORD"];
            var calls = File.Exists(record) ? File.ReadAllLines(record).Select(line => line.Split(' ')[0]).ToList() : [];
            File.Delete(record);
            return string.Join(' ', calls);
        }
    }

    /// <summary>One dataset and one model.</summary>
    public static string Items(string metadata = "") => $"""
        <ItemGroup>
          <SscmaDataset Include="parts" DataRoot="data" TrainAnnFile="train/_annotations.coco.json" TrainImgPrefix="train/"
                        ValAnnFile="valid/_annotations.coco.json" ValImgPrefix="valid/" />
          <SscmaModel Include="parts_detector" Dataset="parts" MaxEpochs="1" {metadata} />
        </ItemGroup>
        """;

    /// <summary>The packed worker instead of the stand-in.</summary>
    public void UsePackedWorker() => _environment.Remove("SscmaWorker");

    /// <summary>Writes a file of the project.</summary>
    public void Write(string relative, string text)
    {
        var path = PathOf(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>A file of the project.</summary>
    public string PathOf(string relative) => Path.Combine(Folder, relative);

    /// <summary>Runs a <c>dotnet</c> command.</summary>
    public BuildResult Command(params string[] arguments) => DotNet.Run(Folder, _environment, [.. arguments, "-tl:off", "-v:n", "-clp:NoSummary;ForceNoAlign"]);

    /// <summary>Runs what was built.</summary>
    public string Run(string assembly, params string[] arguments) =>
        DotNet.Run(Folder, _environment, ["exec", PathOf(assembly), .. arguments]).Output.ReplaceLineEndings("\n").Trim();

    /// <summary>The files of an output folder, sorted.</summary>
    public string Output(string folder) =>
        string.Join(' ', Directory.GetFiles(PathOf(folder), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(PathOf(folder), file)).Order(StringComparer.Ordinal));
}

using Sscma.TestSupport;

namespace Sscma.Build.Tests.Support;

/// <summary>
/// A project as a user writes it, in a folder with a blank and an umlaut in its name, built by a real <c>dotnet build</c>.
/// The worker is the stand-in, which writes down what it was asked for, unless a test wants the real one.
/// </summary>
internal sealed class Fixture : IDisposable
{
    private const string Program = """
        using System;
        using System.Security.Cryptography;
        Console.WriteLine(string.Join(",", App.PartsDetector.Labels) + " " + App.PartsDetector.ImageSize);
        Console.WriteLine(Convert.ToHexStringLower(SHA256.HashData(App.PartsDetector.ModelBytes)) == App.PartsDetector.Sha256);
        Console.WriteLine(FormattableString.Invariant($"{App.PartsDetector.MeanAveragePrecision} {App.PartsDetector.MeanAveragePrecision50}"));
        """;

    private const string Annotations = """
        { "images": [ { "id": 1, "file_name": "one ü.png", "width": 8, "height": 8 } ],
          "annotations": [ { "id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 4, 4], "area": 16, "iscrowd": 0 } ],
          "categories": [ { "id": 1, "name": "bolt" } ] }
        """;

    private readonly string _root = TestPaths.Scratch();

    /// <summary>Writes the project: one dataset, one model.</summary>
    public Fixture(string folder = "App")
    {
        Folder = Path.Combine(_root, folder);
        Environment["SSCMA_STANDIN_RECORD"] = Path.Combine(_root, "calls");
        // Never the cache of whoever runs the tests.
        Environment["SscmaCache"] = "Off";
        Environment["SscmaCacheDir"] = Path.Combine(_root, "cache");
        foreach (var split in new[] { "train", "valid" })
        {
            Write($"data/{split}/_annotations.coco.json", Annotations);
            Write($"data/{split}/one ü.png", $"pixels of {split}");
        }

        Write("configs/rtmdet_nano_8xb32_300e_coco_relu.yaml", "a: 1\n");
        Write("configs/rtmdet_nano_8xb32_300e_coco.yaml", "a: 2\n");
        Write("Program.cs", Program);
        Save();
    }

    /// <summary>The project's folder.</summary>
    public string Folder { get; }

    /// <summary>Environment of the builds.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>The worker to use.</summary>
    public string Worker { get; set; } = StandIn;

    /// <summary>The stand-in for the worker.</summary>
    public static string StandIn => Setting("StandIn");

    /// <summary>The tasks' assembly.</summary>
    public static string Tasks => Setting("Tasks");

    /// <summary>The worker that ships.</summary>
    public static string RealWorker => Setting("Worker");

    /// <summary>TargetFramework or TargetFrameworks.</summary>
    public string Frameworks { get; set; } = "<TargetFramework>net10.0</TargetFramework>";

    /// <summary>More properties of the project.</summary>
    public string Properties { get; set; } = "";

    /// <summary>The items of the project.</summary>
    public string Items { get; set; } = Item();

    /// <summary>What the worker was asked for since this was last read: "train parts_detector", …</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            var record = Environment["SSCMA_STANDIN_RECORD"];
            var calls = File.Exists(record) ? File.ReadAllLines(record).Select(line => line[..line.LastIndexOf(' ')]).ToList() : [];
            File.Delete(record);
            return calls;
        }
    }

    /// <summary>One dataset and one model with some metadata of its own.</summary>
    public static string Item(
        string model = "parts_detector", string metadata = "MinMap=\"0.5\" MinMap50=\"0.85\"", string dataset = "parts", string root = "data") => $"""
        <SscmaDataset Include="parts" DataRoot="{root}"
                      TrainAnnFile="train/_annotations.coco.json" TrainImgPrefix="train/"
                      ValAnnFile="valid/_annotations.coco.json" ValImgPrefix="valid/" />
        <SscmaModel Include="{model}" Dataset="{dataset}" MaxEpochs="3" {metadata} />
        """;

    /// <summary>Writes the project file.</summary>
    public void Save() => Write("App.csproj", $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <Import Project="{TestPaths.Repository}targets/Sscma.Build.props" />
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            {Frameworks}
            {Properties}
            <UseAppHost>false</UseAppHost>
            <LangVersion>latest</LangVersion>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <GenerateDocumentationFile>true</GenerateDocumentationFile>
            <NoWarn>$(NoWarn);CS1591</NoWarn>
            <DefaultItemExcludes>$(DefaultItemExcludes);data/**</DefaultItemExcludes>
            <SscmaTasksAssembly>{Tasks}</SscmaTasksAssembly>
            <SscmaWorker>{Worker}</SscmaWorker>
            <SscmaConfigFolder Condition="'$(SscmaUseShippedConfigs)' != 'true'">$(MSBuildProjectDirectory)/configs/</SscmaConfigFolder>
          </PropertyGroup>
          <ItemGroup>
            {Items}
          </ItemGroup>
          <Import Project="{TestPaths.Repository}targets/Sscma.Build.targets" />
        </Project>
        """);

    /// <summary>Writes a file of the project.</summary>
    public void Write(string relative, string text)
    {
        var path = PathOf(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>A file of the project.</summary>
    public string PathOf(string relative) => Path.Combine(Folder, relative);

    /// <summary>A file in the model's work folder.</summary>
    public string Work(string relative) => PathOf($"obj/sscma/parts_detector/{relative}");

    /// <summary>SHA-256 of a file in the model's work folder.</summary>
    public string Digest(string relative) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Work(relative))));

    /// <summary>Runs <c>dotnet build</c>; restores when that has not been done.</summary>
    public BuildResult Build(params string[] arguments) =>
        Command(["build", .. File.Exists(PathOf("obj/project.assets.json")) ? ["--no-restore"] : Array.Empty<string>(), .. arguments]);

    /// <summary>Sets the model's metadata and writes the project file.</summary>
    public void Change(string metadata)
    {
        Items = Item(metadata: metadata);
        Save();
    }

    /// <summary>Runs a <c>dotnet</c> command with a log that can be read line by line.</summary>
    public BuildResult Command(params string[] arguments) =>
        DotNet.Run(Folder, Environment, [.. arguments, "-tl:off", "-v:n", "-clp:NoSummary;ForceNoAlign"]);

    /// <summary>Runs what was built.</summary>
    public string Run(string framework = "net10.0") =>
        DotNet.Run(Folder, Environment, "exec", PathOf($"bin/Debug/{framework}/App.dll")).Output.ReplaceLineEndings("\n").Trim();

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string Setting(string name) => Path.GetFullPath((string)AppContext.GetData($"Sscma.Tests.{name}")!);
}

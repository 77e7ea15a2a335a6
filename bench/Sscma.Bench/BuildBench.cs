using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Sscma.Bench;

/// <summary>
/// What a project with many images pays in each <c>dotnet build</c>: up to date, against the same project without Sscma.Build; and when every
/// image is read for the first time. The worker is the tests' stand-in, since nothing is trained here.
/// </summary>
internal static class BuildBench
{
    public static void Run(Arguments arguments)
    {
        var images = arguments.Number("images", 20_000);
        var bytes = arguments.Number("bytes", 50_000);
        var folder = Directory.CreateTempSubdirectory("sscma-bench-").FullName;
        try
        {
            Write(folder, images, bytes);
            Build(folder, "restore");
            string[] build = ["build", "--no-restore", "--nologo", "-v:q", "-tl:off"];
            string[] stage = [.. build, "-t:SscmaTrain"];
            Build(folder, stage); // the first process of all loads the SDK
            Directory.Delete(Path.Combine(folder, "obj", "sscma"), recursive: true);
            var watch = Stopwatch.StartNew();
            Build(folder, stage);
            var first = watch.Elapsed.TotalSeconds;
            Build(folder, build);

            var seconds = Stopwatches.Compare(
                arguments.Number("rounds", 5),
                () => Build(folder, build),
                () => Build(folder, [.. build, "-p:Bare=true"]),
                () => Build(folder, stage));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{images} images of {bytes / 1000} kB, nothing changed: {seconds[0]:0.00} s, without Sscma.Build {seconds[1]:0.00} s: +{seconds[0] - seconds[1]:0.00} s"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"every image read for the first time: +{first - seconds[2]:0.00} s ({images * (double)bytes / 1e6 / (first - seconds[2]):0} MB/s)"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string folder, int images, int bytes)
    {
        var validation = images / 10;
        WriteSplit(Path.Combine(folder, "data", "train"), images - validation, bytes, seed: 1);
        WriteSplit(Path.Combine(folder, "data", "valid"), validation, bytes, seed: 2);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), "System.Console.WriteLine();\n");
        File.WriteAllText(Path.Combine(folder, "Bench.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="{Repository.Root}targets/Sscma.Build.props" Condition="'$(Bare)' != 'true'" />
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <UseAppHost>false</UseAppHost>
                <DefaultItemExcludes>$(DefaultItemExcludes);data/**</DefaultItemExcludes>
                <SscmaCache>Off</SscmaCache>
                <SscmaTasksAssembly>{AppContext.GetData("Sscma.Bench.Tasks")}</SscmaTasksAssembly>
                <SscmaWorker>{AppContext.GetData("Sscma.Bench.StandIn")}</SscmaWorker>
              </PropertyGroup>
              <ItemGroup Condition="'$(Bare)' != 'true'">
                <SscmaDataset Include="parts" DataRoot="data" TrainAnnFile="train/_annotations.coco.json" TrainImgPrefix="train/"
                              ValAnnFile="valid/_annotations.coco.json" ValImgPrefix="valid/" />
                <SscmaModel Include="parts_detector" MinMap="0.5" />
              </ItemGroup>
              <Import Project="{Repository.Root}targets/Sscma.Build.targets" Condition="'$(Bare)' != 'true'" />
            </Project>
            """);
    }

    private static void WriteSplit(string folder, int images, int bytes, int seed)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(seed);
        var pixels = new byte[bytes];
        var written = DateTime.UtcNow.AddDays(-1);
        for (var index = 0; index < images; index++)
        {
            random.NextBytes(pixels);
            var path = Path.Combine(folder, Name(index));
            File.WriteAllBytes(path, pixels);
            // Digests of files that were only just written are not remembered.
            File.SetLastWriteTimeUtc(path, written);
        }

        File.WriteAllBytes(Path.Combine(folder, "_annotations.coco.json"), JsonSerializer.SerializeToUtf8Bytes(new
        {
            images = Enumerable.Range(0, images).Select(index => new { id = index + 1, file_name = Name(index), width = 640, height = 480 }),
            annotations = Enumerable.Range(0, 3 * images).Select(index => new { id = index + 1, image_id = (index / 3) + 1, category_id = 1, bbox = (int[])[1, 1, 9, 9], area = 81, iscrowd = 0 }),
            categories = (object[])[new { id = 1, name = "bolt" }],
        }));
    }

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"image_{index:000000}.jpg");

    private static void Build(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} failed:\n{output}");
    }
}

using System.IO.Compression;
using System.Text;
using Sscma.Build.Tests.Support;

namespace Sscma.Build.Tests;

/// <summary>The commands of <c>dotnet</c> beside <c>build</c>, and solutions.</summary>
[TestClass]
public sealed class CommandTests
{
    private const string Once = "train parts_detector; export parts_detector; evaluate parts_detector; embed parts_detector";

    [TestMethod]
    public void Publish_and_pack_ship_the_model_inside_the_assembly_and_nothing_beside_it()
    {
        using var fixture = new Fixture();
        fixture.Command("publish", "-o", "out").MustSucceed();
        Assert.AreEqual(Once, string.Join("; ", fixture.Calls));
        var published = Directory.GetFiles(fixture.PathOf("out"), "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.AreEqual("App.deps.json App.dll App.pdb App.runtimeconfig.json App.xml", string.Join(' ', published));
        MustHoldModel(fixture, File.ReadAllBytes(fixture.PathOf("out/App.dll")));
        Assert.DoesNotContain("sscma", File.ReadAllText(fixture.PathOf("out/App.deps.json")), StringComparison.OrdinalIgnoreCase);

        // The same model for another configuration, written as a property, and for a package made without a build.
        fixture.Properties = "<PackageId>Parts</PackageId>";
        fixture.Save();
        fixture.Command("build", "--no-restore", "-p:Configuration=Release").MustSucceed();
        fixture.Command("pack", "--no-build", "-p:Configuration=Release", "-o", "packages").MustSucceed();
        fixture.Command("publish", "--no-build", "--no-restore", "-o", "again", "-p:Configuration=Release").MustSucceed();
        Assert.IsEmpty(fixture.Calls);
        MustHoldModel(fixture, File.ReadAllBytes(fixture.PathOf("again/App.dll")));
        using var package = ZipFile.OpenRead(fixture.PathOf("packages/Parts.1.0.0.nupkg"));
        using var assembly = new MemoryStream();
        using (var entry = package.GetEntry("lib/net10.0/App.dll")!.Open())
            entry.CopyTo(assembly);
        MustHoldModel(fixture, assembly.ToArray());
        Assert.IsFalse(package.Entries.Any(entry => entry.FullName.Contains("tflite", StringComparison.OrdinalIgnoreCase) || entry.FullName.Contains("sscma", StringComparison.OrdinalIgnoreCase)));
    }

    [TestMethod]
    public void A_solution_its_filter_and_a_test_project_train_once_and_use_the_model()
    {
        using var fixture = new Fixture();
        fixture.Write("Parts.cs", "public static class Parts { public static int Size => App.PartsDetector.ImageSize; }");
        var dependency = "<ProjectReference Include=\"../App/App.csproj\" />";
        fixture.Write("../User/User.csproj", $"<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup>{dependency}</ItemGroup></Project>");
        fixture.Write("../User/User.cs", "public static class User { public static int Size => Parts.Size; }");
        fixture.Write("../Check/Check.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><RollForward>Major</RollForward></PropertyGroup>
              <ItemGroup><PackageReference Include="MSTest" Version="{MSTestVersion}" />{dependency}</ItemGroup>
            </Project>
            """);
        fixture.Write("../Check/Check.cs", """
            using Microsoft.VisualStudio.TestTools.UnitTesting;
            [assembly: DoNotParallelize]
            [TestClass] public class Check { [TestMethod] public void Size() => Assert.AreEqual(32, Parts.Size); }
            """);
        fixture.Write("../All.slnx", "<Solution><Project Path=\"App/App.csproj\" /><Project Path=\"User/User.csproj\" /><Project Path=\"Check/Check.csproj\" /></Solution>");
        fixture.Write("../Some.slnf", "{ \"solution\": { \"path\": \"All.slnx\", \"projects\": [ \"App/App.csproj\", \"User/User.csproj\" ] } }");

        fixture.Command("build", "../Some.slnf", "-m").MustSucceed();
        Assert.AreEqual(Once, string.Join("; ", fixture.Calls));
        Assert.IsFalse(Directory.Exists(fixture.PathOf("../Check/bin")), "the filter leaves this project out");
        fixture.Command("build", "../All.slnx", "-m").MustSucceed();
        var tests = fixture.Command("test", "../Check/Check.csproj", "--no-restore");
        Assert.AreEqual(0, tests.ExitCode, tests.Output);
        Assert.Contains("Test Run Successful", tests.Output);
        Assert.IsEmpty(fixture.Calls);

        fixture.Command("clean", "../All.slnx").MustSucceed();
        Assert.IsFalse(File.Exists(fixture.Work("embed/PartsDetector.g.cs")));
        fixture.Command("build", "../Some.slnf", "--no-restore").MustSucceed();
        Assert.AreEqual("embed parts_detector", string.Join("; ", fixture.Calls), "cleaned: made again, not trained again");
    }

    [TestMethod]
    public void Watch_looks_at_the_users_sources_and_not_at_what_a_build_reads_or_writes()
    {
        using var fixture = new Fixture();
        fixture.Build().MustSucceed();
        _ = fixture.Calls;
        var list = DotNet.Run(fixture.Folder, fixture.Environment, "watch", "--list", "--non-interactive");
        Assert.AreEqual(0, list.ExitCode, list.Output);
        Assert.Contains(fixture.PathOf("Program.cs"), list.Output);
        Assert.DoesNotContain("obj/sscma", list.Output, "a build would start the next one");
        Assert.DoesNotContain(fixture.PathOf("data"), list.Output, "a training is not started by saving a file");
        Assert.IsEmpty(fixture.Calls);
    }

    [TestMethod]
    public void A_removed_model_leaves_no_class_no_resource_and_no_generated_file()
    {
        using var fixture = new Fixture();
        fixture.Build().MustSucceed();
        _ = fixture.Calls;
        fixture.Items = "";
        fixture.Write("Program.cs", "System.Console.WriteLine();");
        fixture.Save();
        fixture.Build().MustSucceed();
        Assert.IsEmpty(fixture.Calls);
        var assembly = File.ReadAllText(fixture.PathOf("bin/Debug/net10.0/App.dll"), Encoding.Latin1);
        Assert.DoesNotContain("PartsDetector", assembly);
        Assert.DoesNotContain("parts_detector.tflite", assembly);
        fixture.Command("clean").MustSucceed();
        Assert.IsEmpty(Directory.GetFiles(fixture.Work("embed")));
        Assert.IsTrue(File.Exists(fixture.Work("weights.safetensors")), "weights are kept, for the model may come back");
        fixture.Build("-t:SscmaClean").MustSucceed();
        Assert.IsFalse(Directory.Exists(fixture.PathOf("obj/sscma")));
    }

    /// <summary>The version that these tests themselves use, which is therefore in the folder of packages.</summary>
    private static string MSTestVersion =>
        typeof(TestClassAttribute).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyInformationalVersionAttribute), false)
            .Cast<System.Reflection.AssemblyInformationalVersionAttribute>().Single().InformationalVersion.Split('+')[0];

    private static void MustHoldModel(Fixture fixture, byte[] assembly) =>
        Assert.IsGreaterThan(0, assembly.AsSpan().IndexOf(File.ReadAllBytes(fixture.Work("parts_detector.tflite"))), "the assembly does not hold the model");
}

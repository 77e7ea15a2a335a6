using Sscma.Build.Tests.Support;

namespace Sscma.Build.Tests;

/// <summary>Projects of every kind that use the packed package, by nothing but its name and version.</summary>
[TestClass]
public sealed class PackageConsumerTests
{
    private const string Once = "train export evaluate embed";

    [TestMethod]
    public void Nothing_of_the_package_reaches_the_output_or_those_who_use_the_project()
    {
        var library = PackageFeed.Shared.Consumer("Parts");
        library.Write("Parts.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFrameworks>net10.0;netstandard2.0</TargetFrameworks></PropertyGroup>
              {PackageConsumer.Reference}
              {PackageConsumer.Items()}
            </Project>
            """);
        library.Write("Parts.cs", "public static class Model { public static int Bytes => Parts.PartsDetector.ModelBytes.Length; }");
        var app = PackageFeed.Shared.Consumer("Parts user");
        app.Write("User.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><UseAppHost>false</UseAppHost></PropertyGroup>
              <ItemGroup><ProjectReference Include="../Parts/Parts.csproj" /></ItemGroup>
            </Project>
            """);
        app.Write("Program.cs", "System.Console.WriteLine(Model.Bytes);");

        library.Command("build", "-m").MustSucceed();
        Assert.AreEqual(Once, library.Calls);
        Assert.AreEqual("Parts.deps.json Parts.dll Parts.pdb", library.Output("bin/Debug/net10.0"));
        Assert.DoesNotContain("Sscma", File.ReadAllText(library.PathOf("bin/Debug/net10.0/Parts.deps.json")));
        MustHoldModel(library, "bin/Debug/netstandard2.0/Parts.dll");

        app.Command("build").MustSucceed();
        Assert.AreEqual("", library.Calls + app.Calls);
        Assert.AreEqual("Parts.dll Parts.pdb User.deps.json User.dll User.pdb User.runtimeconfig.json", app.Output("bin/Debug/net10.0"));
        Assert.DoesNotContain("sscma.build", File.ReadAllText(app.PathOf("obj/project.assets.json")).ToLowerInvariant());
        Assert.AreEqual(new FileInfo(library.PathOf("obj/sscma/parts_detector/embed/parts_detector.tflite")).Length.ToString(), app.Run("bin/Debug/net10.0/User.dll"));
    }

    [TestMethod]
    [DataRow("fsproj", "Program.fs", "printfn \"%d\" (System.Reflection.Assembly.GetExecutingAssembly().GetManifestResourceStream(\"parts_detector.tflite\").Length)")]
    [DataRow("vbproj", "Program.vb", "Module Program\nSub Main()\nSystem.Console.WriteLine(System.Reflection.Assembly.GetExecutingAssembly().GetManifestResourceStream(\"parts_detector.tflite\").Length)\nEnd Sub\nEnd Module")]
    public void Other_languages_get_the_model_as_a_resource(string extension, string file, string source)
    {
        var consumer = PackageFeed.Shared.Consumer(extension);
        consumer.Write(file, source);
        consumer.Write($"App.{extension}", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><UseAppHost>false</UseAppHost><SatelliteResourceLanguages>en</SatelliteResourceLanguages></PropertyGroup>
              <ItemGroup Condition="'{extension}' == 'fsproj'"><Compile Include="{file}" /></ItemGroup>
              {PackageConsumer.Reference}
              {PackageConsumer.Items()}
            </Project>
            """);
        var restore = consumer.Command("restore");
        if (restore.ExitCode != 0 && restore.Output.Contains("FSharp.Core", StringComparison.Ordinal))
            Assert.Inconclusive($"FSharp.Core cannot be restored here: {restore.Output}");
        restore.MustSucceed();
        Assert.AreEqual("", consumer.Calls);

        consumer.Command("build", "--no-restore").MustSucceed();
        Assert.AreEqual(Once, consumer.Calls);
        Assert.AreEqual(new FileInfo(consumer.PathOf("obj/sscma/parts_detector/embed/parts_detector.tflite")).Length.ToString(), consumer.Run("bin/Debug/net10.0/App.dll"));
        Assert.DoesNotContain("Sscma", consumer.Output("bin"));

        consumer.Command("build", "--no-restore").MustSucceed();
        Assert.AreEqual("", consumer.Calls);
    }

    [TestMethod]
    public void A_folder_without_code_gets_its_header()
    {
        var consumer = PackageFeed.Shared.Consumer("firmware");
        consumer.Write("firmware.proj", $"""
            <Project Sdk="Microsoft.Build.NoTargets/3.7.0">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              {PackageConsumer.Reference}
              {PackageConsumer.Items("EmbedAs=\"C\"")}
            </Project>
            """);
        consumer.Command("build").MustSucceed();
        Assert.AreEqual(Once, consumer.Calls);
        Assert.IsTrue(File.Exists(consumer.PathOf("obj/sscma/parts_detector/embed/parts_detector.h")));

        consumer.Command("msbuild", "firmware.proj").MustSucceed();
        consumer.Command("msbuild", "-t:Compile", "-p:DesignTimeBuild=true", "-p:BuildingProject=false", "-p:SkipCompilerExecution=true").MustSucceed();
        Assert.AreEqual("", consumer.Calls);
        consumer.Command("clean").MustSucceed();
        Assert.IsFalse(File.Exists(consumer.PathOf("obj/sscma/parts_detector/embed/parts_detector.h")));
        Assert.IsTrue(File.Exists(consumer.PathOf("obj/sscma/parts_detector/parts_detector.tflite")));
    }

    [TestMethod]
    public void As_an_SDK_one_restore_names_the_natives_too()
    {
        var consumer = PackageFeed.Shared.Consumer("sdk");
        consumer.Write("App.csproj", $"""
            <Project>
              <Sdk Name="Microsoft.NET.Sdk" />
              <Sdk Name="Sscma.Build" Version="{PackageFeed.Version}" />
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              {PackageConsumer.Items()}
            </Project>
            """);
        consumer.Command("restore").MustSucceed();
        Assert.Contains("libtorch-cpu-", File.ReadAllText(consumer.PathOf("obj/project.assets.json")));
        consumer.Command("msbuild", "-t:Build").MustSucceed();
        Assert.AreEqual(Once, consumer.Calls);
        Assert.AreEqual("App.deps.json App.dll App.pdb", consumer.Output("bin/Debug/net10.0"));
        MustHoldModel(consumer, "bin/Debug/net10.0/App.dll");
    }

    [TestMethod]
    public void Natives_that_no_source_has_are_one_error_and_only_a_stage_asks_for_them()
    {
        var consumer = PackageFeed.Shared.Consumer("100% off'line ü @日本", machinePackages: false);
        consumer.Write("App.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              {PackageConsumer.Reference}
              {PackageConsumer.Items()}
            </Project>
            """);
        consumer.Command("restore").MustSucceed();
        consumer.Command("msbuild", "-t:Compile", "-p:DesignTimeBuild=true", "-p:BuildingProject=false", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true").MustSucceed();
        consumer.Command("msbuild", "-getProperty:SscmaWorkFolder").MustSucceed();
        Assert.IsFalse(Directory.Exists(consumer.PathOf("obj/sscma/natives")), "nobody asked for natives yet");

        var error = consumer.Command("build", "--no-restore").MustFailWith("SSCMA9020");
        Assert.Contains("NU1101", error);
        Assert.Contains("libtorch-cpu-", error);
        Assert.AreEqual("", consumer.Calls);
    }

    private static void MustHoldModel(PackageConsumer consumer, string assembly)
    {
        var model = File.ReadAllBytes(consumer.PathOf("obj/sscma/parts_detector/embed/parts_detector.tflite"));
        Assert.IsGreaterThan(0, File.ReadAllBytes(consumer.PathOf(assembly)).AsSpan().IndexOf(model), $"{assembly} does not hold the model");
    }
}

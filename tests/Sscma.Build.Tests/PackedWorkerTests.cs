using Sscma.Build.Tests.Support;

namespace Sscma.Build.Tests;

/// <summary>The packed worker and the packed library, together: trained by one, run by the other.</summary>
[TestClass]
[DoNotParallelize]
public sealed class PackedWorkerTests
{
    [TestMethod]
    public void An_application_trains_by_one_package_and_runs_the_model_by_the_other()
    {
        var consumer = PackageFeed.Shared.Consumer("Packed worker");
        consumer.UsePackedWorker();
        Directory.Delete(consumer.PathOf("data"), recursive: true);
        Drawing.Split(consumer.PathOf("data/train"), 12, seed: 1);
        Drawing.Split(consumer.PathOf("data/valid"), 4, seed: 2);
        consumer.Write("App.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><UseAppHost>false</UseAppHost></PropertyGroup>
              <ItemGroup><PackageReference Include="Sscma.Tflite" Version="{PackageFeed.Version}" /></ItemGroup>
              {PackageConsumer.Reference}
              {PackageConsumer.Items("ImageSize=\"64\" BatchSize=\"4\"")}
            </Project>
            """);
        consumer.Write("Program.cs", """
            var detector = new Sscma.Tflite.Detection.TfliteDetector(App.PartsDetector.ModelBytes);
            var found = detector.Detect(new byte[96 * 96 * 3], 96, 96);
            System.Console.WriteLine(string.Join(",", detector.Labels) + " " + (found.Count >= 0));
            """);

        // SSCMA3009: a warning that so few images give rough ranges, which is true here.
        var built = consumer.Command("build", "-warnAsMessage:SSCMA3009").MustSucceed();
        Assert.Contains("Epoch(train)", built.Output);
        Assert.DoesNotContain("restoring the native libraries", built.Output, "the fallback folder has them");
        Assert.AreEqual("App.deps.json App.dll App.pdb App.runtimeconfig.json Google.FlatBuffers.dll Sscma.Core.dll Sscma.Tflite.dll", consumer.Output("bin/Debug/net10.0"));
        Assert.DoesNotContain("Sscma.Build", File.ReadAllText(consumer.PathOf("bin/Debug/net10.0/App.deps.json")));
        Assert.AreEqual("square,disc True", consumer.Run("bin/Debug/net10.0/App.dll"));
    }
}

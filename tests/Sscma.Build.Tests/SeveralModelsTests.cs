using Sscma.Build.Tests.Support;

namespace Sscma.Build.Tests;

/// <summary>Several models in one project over one dataset: each for itself.</summary>
[TestClass]
public sealed class SeveralModelsTests
{
    private const string Second = "<SscmaModel Include=\"other_detector\" Dataset=\"parts\" MaxEpochs=\"5\" {0} />";

    [TestMethod]
    public void Each_has_its_own_stages_gate_resource_and_class()
    {
        using var fixture = new Fixture();
        Declare(fixture, "MinMap=\"0.1\"");
        fixture.Build().MustSucceed();
        CollectionAssert.AreEquivalent(
            new[] { "train", "export", "evaluate", "embed" }.SelectMany(stage => new[] { $"{stage} parts_detector", $"{stage} other_detector" }).ToArray(), fixture.Calls.ToArray());
        fixture.Write("Program.cs", """
            System.Console.WriteLine(App.PartsDetector.ResourceName + " " + App.OtherDetector.ResourceName + " " + (App.PartsDetector.Sha256 == App.OtherDetector.Sha256));
            """);
        fixture.Build().MustSucceed();
        Assert.IsEmpty(fixture.Calls);
        Assert.AreEqual("parts_detector.tflite other_detector.tflite False", fixture.Run());

        // A change of one leaves the other alone.
        Declare(fixture, "MinMap=\"0.1\" Seed=\"4\"");
        fixture.Build().MustSucceed();
        Assert.AreEqual("train other_detector; export other_detector; evaluate other_detector; embed other_detector", string.Join("; ", fixture.Calls));

        // Both below their gates: both are told, each once, and nothing runs for it.
        Declare(fixture, "MinMap=\"0.1\" Seed=\"4\"");
        var failed = fixture.Build("-p:SscmaMinMap=0.95");
        Assert.AreEqual("error SSCMA4002, error SSCMA4002", string.Join(", ", failed.Diagnostics), failed.Output);
        Assert.Contains("'parts_detector'", string.Join('\n', failed.DiagnosticLines));
        Assert.Contains("'other_detector'", string.Join('\n', failed.DiagnosticLines));
        Assert.IsEmpty(fixture.Calls);

        // One goes: its class, its resource and its files go with the next clean build of the other.
        fixture.Items = Fixture.Item();
        fixture.Save();
        fixture.Write("Program.cs", "System.Console.WriteLine(App.PartsDetector.ResourceName);");
        fixture.Build().MustSucceed();
        Assert.DoesNotContain("other_detector.tflite", File.ReadAllText(fixture.PathOf("bin/Debug/net10.0/App.dll"), System.Text.Encoding.Latin1));
    }

    private static void Declare(Fixture fixture, string metadata)
    {
        fixture.Items = Fixture.Item() + string.Format(System.Globalization.CultureInfo.InvariantCulture, Second, metadata);
        fixture.Save();
    }
}

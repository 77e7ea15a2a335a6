using Sscma.Build.Tests.Support;

namespace Sscma.Build.Tests;

/// <summary>The optional step for Ethos-U, with a script in Vela's place: it copies the file and writes down how it was called.</summary>
[TestClass]
public sealed class VelaTests
{
    [TestMethod]
    public void A_proven_model_is_compiled_once_per_content_arguments_and_version()
    {
        using var fixture = Make();
        FakeVela.PutOnPath(fixture, "tools ü");
        fixture.Build().MustSucceed();
        Assert.IsFalse(Directory.Exists(fixture.Work("vela")), "off by default");

        string[] on = ["-p:SscmaVela=true", "-p:SscmaVelaArgs=--accelerator-config ethos-u55-64 --config \"my file.ini\"", "-p:SscmaCopyTo=copies"];
        fixture.Build(on).MustSucceed();
        var call = Assert.ContainsSingle(Calls(fixture));
        Assert.StartsWith("vela --accelerator-config ethos-u55-64 --config my file.ini --output-dir ", call);
        Assert.EndsWith(fixture.Work("embed/parts_detector.tflite"), call);
        string[] expected = ["parts_detector_vela.cc", "parts_detector_vela.h", "parts_detector_vela.tflite", "parts_detector_vela_postprocess.h"];
        CollectionAssert.AreEqual(expected, Directory.GetFiles(fixture.Work("vela")).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
        Assert.Contains("const unsigned char parts_detector_vela_tflite[", File.ReadAllText(fixture.PathOf("copies/parts_detector/parts_detector_vela.cc")));
        Assert.Contains("parts_detector.tflite, of which Vela made this file", File.ReadAllText(fixture.Work("vela/parts_detector_vela.h")));

        Assert.Contains("SscmaVela", fixture.Build(on).MustSucceed().Output);
        Assert.IsEmpty(Calls(fixture), "up to date");
        fixture.Build("-p:SscmaVela=true").MustSucceed();
        Assert.HasCount(1, Calls(fixture), "other arguments");
        fixture.Environment["VELA_VERSION"] = "5.0.0";
        File.SetLastWriteTimeUtc(fixture.PathOf("tools ü/vela"), DateTime.UtcNow.AddMinutes(1));
        Assert.Contains("VelaVersion 4.3.0 → 5.0.0", fixture.Build("-p:SscmaVela=true").MustSucceed().Output);
        Assert.HasCount(1, Calls(fixture), "another version");
        fixture.Command("clean").MustSucceed();
        Assert.IsEmpty(Directory.GetFiles(fixture.Work("vela")));
    }

    [TestMethod]
    public void What_is_wrong_is_one_error()
    {
        using var fixture = Make();
        fixture.Environment["PATH"] = "/usr/bin:/bin";
        if (!File.Exists("/usr/bin/dotnet") || File.Exists("/usr/bin/vela") || File.Exists("/bin/vela"))
            Assert.Inconclusive("this machine's folders are others");
        Assert.Contains("there is no program 'vela' on the PATH", fixture.Build("-p:SscmaVela=true").MustFailWith("SSCMA5006"));
        Assert.Contains("nowhere/vela', which does not exist", fixture.Build("-p:SscmaVela=nowhere/vela").MustFailWith("SSCMA5006"));
        fixture.Environment["VELA_FAIL"] = "true";
        Assert.Contains("ended with exit code 3 for the model 'parts_detector'; check SscmaVelaArgs. It said: Error: no such accelerator", fixture.Build("-p:SscmaVela=tools ü/vela").MustFailWith("SSCMA5007"));
        fixture.Environment["VELA_FAIL"] = "false";
        fixture.Build("-p:SscmaVela=tools ü/vela").MustSucceed();
        Assert.IsTrue(File.Exists(fixture.Work("vela/parts_detector_vela.tflite")));
        Assert.IsFalse(Directory.Exists(fixture.Work("vela.tmp")));
    }

    private static Fixture Make()
    {
        var fixture = new Fixture();
        FakeVela.Write(fixture, "tools ü");
        fixture.Write("Program.cs", "System.Console.WriteLine();");
        fixture.Change("EmbedAs=\"C\"");
        return fixture;
    }

    private static string[] Calls(Fixture fixture)
    {
        var path = fixture.PathOf("tools ü/calls");
        var calls = File.Exists(path) ? File.ReadAllLines(path) : [];
        File.Delete(path);
        return calls;
    }
}

using System.Text.Json;
using Sscma.Build.Tests.Support;

namespace Sscma.Build.Tests;

/// <summary>Which data and which settings made this model: answered by a file, checked without building.</summary>
[TestClass]
public sealed class ProvenanceTests
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    [TestMethod]
    public void The_statement_names_every_input_and_output_with_its_digest_and_can_be_verified()
    {
        using var fixture = new Fixture();
        fixture.Write(".git/HEAD", "ref: refs/heads/main\n");
        fixture.Write(".git/packed-refs", $"# pack-refs with: peeled fully-peeled sorted \n{Commit} refs/heads/main\n");
        fixture.Change("MinMap=\"0.5\" CfgOptions=\"optim.lr=0.25;train.batch_size=100%25\"");
        fixture.Build().MustSucceed();

        using var document = JsonDocument.Parse(File.ReadAllBytes(fixture.Work("model.provenance.json")));
        var root = document.RootElement;
        Assert.AreEqual("https://in-toto.io/Statement/v1", root.GetProperty("_type").GetString());
        var subjects = Artifacts(root.GetProperty("subject"));
        foreach (var name in new[] { "weights.safetensors", "model.onnx", "parts_detector.tflite", "metrics.json", "embed/parts_detector.tflite", "embed/PartsDetector.g.cs" })
            Assert.AreEqual(fixture.Digest(name), subjects[name], name);
        var definition = root.GetProperty("predicate").GetProperty("buildDefinition");
        Assert.AreEqual("optim.lr=0.25;train.batch_size=100%", definition.GetProperty("externalParameters").GetProperty("train").GetProperty("cfgOptions").GetString());
        Assert.AreEqual("100", definition.GetProperty("externalParameters").GetProperty("export").GetProperty("calibrationImages").GetString());
        var inputs = Artifacts(definition.GetProperty("resolvedDependencies"));
        Assert.AreEqual(Commit, inputs["source"]);
        Assert.AreEqual(fixture.Digest("../../../data/train/one ü.png"), inputs["trainImages/one ü.png"]);
        Assert.AreEqual(fixture.Digest("../../../data/valid/one ü.png"), inputs["valImages/one ü.png"]);
        Assert.AreEqual(fixture.Digest("../../../data/train/_annotations.coco.json"), inputs["trainAnnotations"]);
        Assert.AreEqual(fixture.Digest("../../../configs/rtmdet_nano_8xb32_300e_coco_relu.yaml"), inputs["config"]);
        Assert.DoesNotContain(fixture.Folder, File.ReadAllText(fixture.Work("model.provenance.json")), "no path of this machine");

        // Nothing runs; the file that a release carries is recognised wherever it lies.
        _ = fixture.Calls;
        var log = fixture.Build("-t:SscmaVerify").MustSucceed().Output;
        Assert.Contains($"parts_detector: {subjects.Count} files are those that the provenance describes, made at commit {Commit}", log);
        File.Copy(fixture.Work("parts_detector.tflite"), fixture.PathOf("released.bin"));
        Assert.Contains("is 'parts_detector.tflite' of the model 'parts_detector'", fixture.Build("-t:SscmaVerify", "-p:SscmaArtifact=released.bin").MustSucceed().Output);
        File.AppendAllText(fixture.PathOf("released.bin"), "!");
        Assert.Contains(fixture.PathOf("released.bin"), fixture.Build("-t:SscmaVerify", "-p:SscmaArtifact=released.bin").MustFailWith("SSCMA5103"));
        Assert.IsEmpty(fixture.Calls);
    }

    [TestMethod]
    public void A_changed_file_a_missing_or_broken_statement_are_one_error_each_and_a_new_commit_alone_writes_nothing()
    {
        using var fixture = new Fixture();
        fixture.Command("restore").MustSucceed();
        fixture.Build("-t:SscmaVerify").MustFailWith("SSCMA5101");
        fixture.Write(".git/HEAD", $"{Commit}\n");
        fixture.Build().MustSucceed();
        var statement = fixture.Digest("model.provenance.json");
        _ = fixture.Calls;

        fixture.Write(".git/HEAD", $"{Commit.Replace('0', 'f')}\n");
        fixture.Build().MustSucceed();
        Assert.IsEmpty(fixture.Calls);
        Assert.AreEqual(statement, fixture.Digest("model.provenance.json"), "the model was made at the earlier commit");

        File.AppendAllText(fixture.Work("metrics.json"), " ");
        Assert.Contains(fixture.Work("metrics.json"), fixture.Build("-t:SscmaVerify").MustFailWith("SSCMA5103"));
        File.WriteAllText(fixture.Work("model.provenance.json"), "{ \"subject\": [");
        fixture.Build("-t:SscmaVerify").MustFailWith("SSCMA5102");
        Assert.IsEmpty(fixture.Calls);

        // Another seed: another statement.
        fixture.Change("Seed=\"4\"");
        fixture.Build().MustSucceed();
        Assert.AreNotEqual(statement, fixture.Digest("model.provenance.json"));
        Assert.Contains("\"seed\": \"4\"", File.ReadAllText(fixture.Work("model.provenance.json")));
        fixture.Build("-t:SscmaVerify").MustSucceed();
    }

    private static Dictionary<string, string> Artifacts(JsonElement list) => list.EnumerateArray().ToDictionary(
        item => item.GetProperty("name").GetString()!,
        item => item.GetProperty("digest").EnumerateObject().Single().Value.GetString()!);
}

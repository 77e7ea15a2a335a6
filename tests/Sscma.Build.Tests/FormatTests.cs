using System.Text.Json;
using Sscma.Build.Tests.Support;
using Sscma.TestSupport;

namespace Sscma.Build.Tests;

/// <summary>ONNX files beside the .tflite: written when asked for, removed when no longer, outputs like every other.</summary>
[TestClass]
public sealed class FormatTests
{
    private const string Gate = "MinMap=\"0.5\"";
    private const string Float = "parts_detector.float.onnx";
    private const string Qdq = "parts_detector.qdq.onnx";

    [TestMethod]
    public void Files_come_and_go_with_Formats_and_only_what_must_runs()
    {
        using var fixture = new Fixture();
        fixture.Change(Gate);
        fixture.Build().MustSucceed();
        Assert.AreEqual("", Files(fixture));
        var tflite = fixture.Digest("parts_detector.tflite");
        _ = fixture.Calls;

        // One more is written; the .tflite stays the same, so nothing is scored again.
        fixture.Change(Gate + " Formats=\"onnx-qdq;TFLite;onnx\"");
        string[] copy = ["-p:SscmaCopyTo=../copies"];
        Assert.Contains("exporting again: Formats tflite → tflite;onnx;onnx-qdq", fixture.Build(copy).MustSucceed().Output);
        Assert.AreEqual("export parts_detector; embed parts_detector", Calls(fixture));
        Assert.AreEqual($"{Float} {Qdq}", Files(fixture));
        Assert.AreEqual(tflite, fixture.Digest("parts_detector.tflite"));
        foreach (var name in new[] { Float, Qdq })
        {
            Assert.AreEqual(fixture.Digest(name), Subjects(fixture)[name], "the provenance names it");
            Assert.AreEqual(fixture.Digest(name), fixture.Digest($"../../../../copies/parts_detector/{name}"), "and it is copied with the rest");
        }

        // Another order is no other choice; a second build does nothing; a removed file is written again.
        fixture.Change(Gate + " Formats=\" tflite ;onnx; onnx-qdq\"");
        fixture.Build(copy).MustSucceed();
        Assert.AreEqual("", Calls(fixture));
        File.Delete(fixture.Work(Qdq));
        Assert.Contains($"{Qdq} is missing", fixture.Build(copy).MustSucceed().Output);
        Assert.AreEqual("export parts_detector", Calls(fixture));
        fixture.Build("-t:SscmaVerify").MustSucceed();

        // Fewer: the rest is the same, so nothing is exported again, and the others are gone.
        fixture.Change(Gate + " Formats=\"tflite;onnx\"");
        fixture.Build(copy).MustSucceed();
        Assert.AreEqual("embed parts_detector", Calls(fixture), "only the provenance is written again");
        Assert.AreEqual(Float, Files(fixture));
        Assert.IsFalse(Subjects(fixture).ContainsKey(Qdq));
        Assert.IsFalse(File.Exists(fixture.PathOf($"../copies/parts_detector/{Qdq}")));
        fixture.Build(copy).MustSucceed();
        Assert.AreEqual("", Calls(fixture));

        fixture.Change(Gate);
        fixture.Build(copy).MustSucceed();
        Assert.AreEqual(("embed parts_detector", ""), (Calls(fixture), Files(fixture)));
        Assert.IsFalse(File.Exists(fixture.PathOf($"../copies/parts_detector/{Float}")));

        fixture.Change(Gate + " Formats=\"tflite;onnx\"");
        fixture.Build().MustSucceed();
        fixture.Command("clean").MustSucceed();
        Assert.AreEqual(Float, Files(fixture), "clean keeps what costs something to make");
        fixture.Build("-t:SscmaClean").MustSucceed();
        Assert.IsFalse(Directory.Exists(fixture.Work("")));
    }

    [TestMethod]
    public void A_failed_export_leaves_none_and_another_clone_takes_them_from_the_cache()
    {
        var cache = TestPaths.Scratch();
        using var first = new Fixture();
        using var second = new Fixture();
        foreach (var fixture in new[] { first, second })
        {
            fixture.Environment["SscmaCache"] = "";
            fixture.Environment["SscmaCacheDir"] = cache;
            // Two models, of which one is called as the training's own file is.
            fixture.Items = Fixture.Item(metadata: "Formats=\"tflite;onnx;onnx-qdq\"") + "<SscmaModel Include=\"model\" Dataset=\"parts\" MaxEpochs=\"3\" Formats=\"tflite;onnx\" />";
            fixture.Save();
        }

        first.Build().MustSucceed();
        second.Build().MustSucceed();
        Assert.IsEmpty(second.Calls);
        Assert.AreEqual($"{Float} {Qdq}", Files(second));
        foreach (var name in new[] { Float, Qdq, "../model/model.float.onnx", "../model/model.onnx", "../model/model.tflite" })
            Assert.AreEqual(first.Digest(name), second.Digest(name), name);
        Assert.AreNotEqual(first.Digest("../model/model.float.onnx"), first.Digest("../model/model.onnx"));

        first.Environment["SSCMA_STANDIN_FAIL"] = "export";
        first.Items = Fixture.Item(metadata: "Formats=\"tflite;onnx;onnx-qdq\" Seed=\"5\"");
        first.Save();
        first.Build().MustFailWith("SSCMA1002");
        Assert.AreEqual("", Files(first));
        Directory.Delete(cache, recursive: true);
    }

    private static string Files(Fixture fixture) => string.Join(' ', Directory.GetFiles(fixture.Work(""), "parts_detector*.onnx").Select(Path.GetFileName).Order(StringComparer.Ordinal));

    private static string Calls(Fixture fixture) => string.Join("; ", fixture.Calls);

    private static Dictionary<string, string> Subjects(Fixture fixture)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(fixture.Work("model.provenance.json")));
        return document.RootElement.GetProperty("subject").EnumerateArray()
            .ToDictionary(subject => subject.GetProperty("name").GetString()!, subject => subject.GetProperty("digest").GetProperty("sha256").GetString()!);
    }
}

using System.IO.Compression;
using System.Text.Json;
using Sscma.Coco.Evaluation;
using Sscma.Tensors;
using Sscma.TestSupport;

namespace Sscma.Coco.Tests;

/// <summary>One reference case of the evaluation: its inputs and what is expected of each run.</summary>
public sealed class GoldenCase
{
    private readonly string _folder;

    private GoldenCase(string folder)
    {
        _folder = folder;
        using var truth = Json("gt.json");
        using var found = Json("dt.json");
        Input = new EvaluationInput(
            Ids(truth, "images"), Ids(truth, "categories"),
            [.. truth.RootElement.GetProperty("annotations").EnumerateArray().Select(Annotation)],
            [.. found.RootElement.EnumerateArray().Select(Detection)]);
    }

    public EvaluationInput Input { get; }

    /// <summary>Names of the cases: the folder that SSCMA_GOLDENS_COCO names, else tests/data.</summary>
    public static IReadOnlyList<string> Names() =>
        [.. Directory.GetDirectories(Root()).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    public static GoldenCase Read(string name) => new(Path.Combine(Root(), name));

    public JsonDocument Json(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, name)));

    public IReadOnlyDictionary<string, StoredTensor> Arrays(string name)
    {
        using var packed = new GZipStream(File.OpenRead(Path.Combine(_folder, name)), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        packed.CopyTo(plain);
        return SafeTensors.Parse(plain.ToArray());
    }

    private static string Root() => Path.Combine(TestPaths.Goldens("SSCMA_GOLDENS_COCO", "coco-eval"), "cases");

    private static long[] Ids(JsonDocument document, string list) =>
        [.. document.RootElement.GetProperty(list).EnumerateArray().Select(entry => entry.GetProperty("id").GetInt64())];

    private static CocoAnnotation Annotation(JsonElement entry)
    {
        var box = entry.GetProperty("bbox");
        return new CocoAnnotation(
            entry.GetProperty("id").GetInt64(), entry.GetProperty("image_id").GetInt64(), entry.GetProperty("category_id").GetInt64(),
            box[0].GetDouble(), box[1].GetDouble(), box[2].GetDouble(), box[3].GetDouble(),
            entry.GetProperty("area").GetDouble(), entry.GetProperty("iscrowd").GetInt32() != 0);
    }

    private static CocoDetection Detection(JsonElement entry)
    {
        var box = entry.GetProperty("bbox");
        return new CocoDetection(
            entry.GetProperty("image_id").GetInt64(), entry.GetProperty("category_id").GetInt64(),
            box[0].GetDouble(), box[1].GetDouble(), box[2].GetDouble(), box[3].GetDouble(), entry.GetProperty("score").GetDouble());
    }
}

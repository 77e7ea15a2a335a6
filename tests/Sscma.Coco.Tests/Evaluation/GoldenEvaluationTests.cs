using System.Text.Json;
using Sscma.Coco.Evaluation;

namespace Sscma.Coco.Tests;

/// <summary>The evaluator against the reference, every run of every case: bit for bit, and the printed lines to the letter.</summary>
[TestClass]
public sealed class GoldenEvaluationTests
{
    public static IEnumerable<object[]> Names => GoldenCase.Names().Select(name => new object[] { name });

    [TestMethod]
    [TestCategory("GoldensCoco")]
    [DynamicData(nameof(Names))]
    public void Every_run_equals_the_reference(string name)
    {
        var item = GoldenCase.Read(name);
        using var expected = item.Json("expected.json");
        var runs = expected.RootElement.GetProperty("runs").EnumerateArray().ToList();
        Assert.IsNotEmpty(runs);
        foreach (var run in runs)
        {
            var keep = run.TryGetProperty("evalImgs", out var matches) && matches.ValueKind == JsonValueKind.String;
            var result = CocoEvaluator.Evaluate(item.Input, Parameters(run.GetProperty("params")) with { KeepMatches = keep });
            var where = $"{name}/{run.GetProperty("name").GetString()}";
            CompareNumbers(run, result, where);
            ComparePerClass(run.GetProperty("perClass"), result, where);
            if (run.TryGetProperty("arrays", out var arrays) && arrays.ValueKind == JsonValueKind.String)
                CompareArrays(item, arrays.GetString()!, result, where);
            if (keep)
                CompareMatches(item, matches.GetString()!, result, where);
        }
    }

    private static EvaluationParameters Parameters(JsonElement given)
    {
        var parameters = new EvaluationParameters();
        foreach (var entry in given.EnumerateObject())
        {
            parameters = entry.Name switch
            {
                "maxDets" => parameters with { MaxDetections = [.. entry.Value.EnumerateArray().Select(value => value.GetInt32())] },
                "useCats" => parameters with { UseCategories = entry.Value.GetInt32() != 0 },
                "iouThrs" => parameters with { IouThresholds = Doubles(entry.Value) },
                "recThrs" => parameters with { RecallThresholds = Doubles(entry.Value) },
                "imgIds" => parameters with { ImageIds = [.. entry.Value.EnumerateArray().Select(value => value.GetInt64())] },
                "catIds" => parameters with { CategoryIds = [.. entry.Value.EnumerateArray().Select(value => value.GetInt64())] },
                "areaRng" => parameters with { AreaRanges = [.. entry.Value.EnumerateArray().Select(range => (range[0].GetDouble(), range[1].GetDouble()))] },
                _ => throw new InvalidDataException($"unknown parameter {entry.Name}"),
            };
        }

        return parameters;
    }

    private static void CompareNumbers(JsonElement run, EvaluationResult result, string where)
    {
        CollectionAssert.AreEqual(
            run.GetProperty("summary").EnumerateArray().Select(line => line.GetString()).ToList(), result.Lines.ToList(), $"{where}: printed lines");
        AssertBitEqual(Doubles(run.GetProperty("stats")), [.. result.Stats], $"{where}: stats");
        CollectionAssert.AreEqual(
            run.GetProperty("counts").EnumerateArray().Select(value => value.GetInt32()).ToList(),
            new[] { result.Counts.T, result.Counts.R, result.Counts.K, result.Counts.A, result.Counts.M }, $"{where}: counts");
        CollectionAssert.AreEqual(
            run.GetProperty("maxDetsUsed").EnumerateArray().Select(value => value.GetInt32()).ToList(), result.MaxDetections.ToList(), $"{where}: maxDetsUsed");
        Assert.AreEqual(run.GetProperty("numImages").GetInt32(), result.Images, $"{where}: numImages");
    }

    private static void ComparePerClass(JsonElement expected, EvaluationResult result, string where)
    {
        Assert.HasCount(expected.GetArrayLength(), result.PerClass, $"{where}: perClass");
        foreach (var (entry, actual) in expected.EnumerateArray().Zip(result.PerClass))
        {
            Assert.AreEqual(entry.GetProperty("id").GetInt64(), actual.CategoryId, $"{where}: perClass id");
            double?[] numbers = [actual.AP, actual.AP50, actual.AP75, actual.APSmall, actual.APMedium, actual.APLarge, actual.AR];
            foreach (var (name, number) in new[] { "AP", "AP50", "AP75", "APs", "APm", "APl", "AR" }.Zip(numbers))
            {
                var value = entry.GetProperty(name);
                Assert.AreEqual(value.ValueKind == JsonValueKind.Null ? null : value.GetDouble(), number, $"{where}: {name} of class {actual.CategoryId}");
            }
        }
    }

    private static void CompareArrays(GoldenCase item, string file, EvaluationResult result, string where)
    {
        var arrays = item.Arrays(file);
        AssertBitEqual(arrays["precision"].As<double>(), result.Precision.Span, $"{where}: precision");
        AssertBitEqual(arrays["recall"].As<double>(), result.Recall.Span, $"{where}: recall");
        AssertBitEqual(arrays["scores"].As<double>(), result.Scores.Span, $"{where}: scores");
    }

    private static void CompareMatches(GoldenCase item, string file, EvaluationResult result, string where)
    {
        using var expected = item.Json(file);
        Assert.HasCount(expected.RootElement.GetArrayLength(), result.Matches, $"{where}: matches");
        foreach (var (entry, actual) in expected.RootElement.EnumerateArray().Zip(result.Matches))
        {
            var here = $"{where}: image {actual.ImageId}, category {actual.CategoryId}, area {actual.Area}";
            Assert.AreEqual(
                (entry.GetProperty("image_id").GetInt64(), entry.GetProperty("category_id").GetInt64(), entry.GetProperty("area").GetInt32()),
                (actual.ImageId, actual.CategoryId, actual.Area), here);
            Assert.AreEqual(Flat(entry.GetProperty("dtIds")), string.Join(' ', actual.DetectionIds), $"{here}: dtIds");
            Assert.AreEqual(Flat(entry.GetProperty("gtIds")), string.Join(' ', actual.ObjectIds), $"{here}: gtIds");
            AssertBitEqual(Doubles(entry.GetProperty("dtScores")), actual.Scores, $"{here}: dtScores");
            Assert.AreEqual(Flat(entry.GetProperty("dtMatches")), string.Join(' ', actual.DetectionMatches.SelectMany(row => row)), $"{here}: dtMatches");
            Assert.AreEqual(Flat(entry.GetProperty("gtMatches")), string.Join(' ', actual.ObjectMatches.SelectMany(row => row)), $"{here}: gtMatches");
            Assert.AreEqual(Flat(entry.GetProperty("dtIgnore")), string.Join(' ', actual.DetectionIgnored.SelectMany(row => row).Select(flag => flag ? 1 : 0)), $"{here}: dtIgnore");
            Assert.AreEqual(Flat(entry.GetProperty("gtIgnore")), string.Join(' ', actual.ObjectIgnored.Select(flag => flag ? 1 : 0)), $"{here}: gtIgnore");
        }
    }

    private static void AssertBitEqual(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, string where)
    {
        Assert.AreEqual(expected.Length, actual.Length, $"{where}: length");
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i] != actual[i])
                Assert.Fail($"{where}: at {i} {expected[i]:R} was expected, {actual[i]:R} came (difference {actual[i] - expected[i]:R})");
        }
    }

    private static double[] Doubles(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetDouble())];

    private static string Flat(JsonElement list) => string.Join(' ', Leaves(list));

    private static IEnumerable<string> Leaves(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Leaves) : [element.GetRawText()];
}

using System.Runtime.InteropServices;
using System.Text.Json;
using Sscma.Detection;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.Tests.Goldens;

[TestClass]
[TestCategory(Golden.Category)]
public sealed class DetectionGoldens
{
    private const string Ending = ".forward.safetensors";

    public static IEnumerable<object[]> Cases => Golden.Cases(Ending);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Stored_outputs_decode_to_the_reference_detections(string name)
    {
        var golden = Golden.Tensors(name + Ending);
        Sscma.Natives.NativeLibraries.UseTorch();
        using var scope = NewDisposeScope();
        var outputs = new HeadOutputs(
            [.. Enumerable.Range(0, 3).Select(level => Golden.ToTorch(golden[$"cls_score.{level}"]))],
            [.. Enumerable.Range(0, 3).Select(level => Golden.ToTorch(golden[$"bbox_pred.{level}"]))]);
        foreach (var set in Golden.Json($"{name}.forward.json").GetProperty("detections").EnumerateArray())
        {
            var key = set.GetProperty("key").GetString()!;
            var image = int.Parse(key[(key.LastIndexOf('.') + 1)..]);

            var detections = RtmDetDecoder.Decode(outputs.ToLevelOutputs(image), OptionsOf(set));

            AssertEqual(golden[$"{key}.boxes"].As<float>(), golden[$"{key}.scores"].As<float>(), golden[$"{key}.labels"].As<long>(), detections, key);
        }
    }

    private static DecodeOptions OptionsOf(JsonElement set)
    {
        var size = set.GetProperty("ori_shape_hw");
        var scale = set.GetProperty("scale_factor_wh");
        return new DecodeOptions
        {
            ScoreThreshold = set.GetProperty("score_thr").GetSingle(),
            IouThreshold = set.GetProperty("iou_thr").GetSingle(),
            MaxCandidates = set.GetProperty("nms_pre").GetInt32(),
            MaxDetections = set.GetProperty("max_per_img").GetInt32(),
            ScaleX = scale[0].GetSingle(),
            ScaleY = scale[1].GetSingle(),
            OriginalHeight = size[0].GetInt32(),
            OriginalWidth = size[1].GetInt32(),
        };
    }

    // Scores that differ in their last bits only may stand in another order than in the reference, so each detection looks for its
    // twin among those of nearly its score.
    private static void AssertEqual(ReadOnlySpan<float> boxes, ReadOnlySpan<float> scores, ReadOnlySpan<long> labels, IReadOnlyList<DetectedObject> actual, string key)
    {
        Assert.HasCount(scores.Length, actual, key);
        var expected = MemoryMarshal.Cast<float, Box>(boxes);
        var taken = new bool[actual.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            Assert.AreEqual(scores[i], actual[i].Score, 1e-6f, $"{key}: score {i}");
            var found = -1;
            for (var k = Math.Max(0, i - 8); k < Math.Min(actual.Count, i + 9) && found < 0; k++)
            {
                if (!taken[k] && actual[k].ClassIndex == labels[i] && IsNear(expected[i], actual[k].Box) && Math.Abs(actual[k].Score - scores[i]) < 1e-6f)
                    found = k;
            }

            Assert.IsTrue(found >= 0, $"{key}: detection {i}, class {labels[i]}, {expected[i]} is not there; at its place stands {actual[i]}");
            taken[found] = true;
        }
    }

    private static bool IsNear(Box a, Box b) =>
        MathF.Abs(a.X1 - b.X1) < 1e-3f && MathF.Abs(a.Y1 - b.Y1) < 1e-3f && MathF.Abs(a.X2 - b.X2) < 1e-3f && MathF.Abs(a.Y2 - b.Y2) < 1e-3f;
}

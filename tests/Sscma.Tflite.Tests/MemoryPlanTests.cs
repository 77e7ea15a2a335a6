using System.Text.Json;
using Sscma.TestSupport;

namespace Sscma.Tflite.Tests;

[TestClass]
public sealed class MemoryPlanTests
{
    public static IEnumerable<object[]> Names => GoldenCase.All.Where(golden => golden.ArenaPlanBytes is not null).Select(golden => new object[] { golden.Name });

    [TestMethod]
    [TestCategory("GoldensTflite")]
    [DynamicData(nameof(Names))]
    public void The_head_equals_the_one_of_TensorFlow_Lite_Micro(string name)
    {
        var golden = GoldenCase.Of(name);
        Assert.AreEqual(golden.ArenaPlanBytes, MemoryPlan.Of(golden.Model()).PlannedBytes);
    }

    [TestMethod]
    [TestCategory("GoldensTflite")]
    [DynamicData(nameof(Names))]
    public void The_whole_estimate_covers_what_a_64_bit_build_used(string name)
    {
        var golden = GoldenCase.Of(name);
        if (golden.TflmArenaUsedBytes is not { } used)
        {
            Assert.Inconclusive("the case does not state what was used");
            return;
        }

        // Never too little, and not wastefully much.
        var plan = MemoryPlan.Of(golden.Model(), pointerBytes: 8);
        Assert.IsGreaterThanOrEqualTo(used, plan.ArenaBytes);
        Assert.IsLessThanOrEqualTo((used * 1.35) + 4096, plan.ArenaBytes);
    }

    [TestMethod]
    public void Heads_of_real_models_equal_too()
    {
        using var index = JsonDocument.Parse(File.ReadAllText(TestPaths.Shared("reference", "tflite", "models.json")));
        foreach (var entry in index.RootElement.EnumerateArray())
        {
            var name = entry.GetProperty("name").GetString()!;
            var model = TfliteFile.Read(File.ReadAllBytes(TestPaths.Shared("reference", "tflite", "models", $"{name}.tflite")));
            Assert.AreEqual(entry.GetProperty("arena_plan_bytes").GetInt32(), MemoryPlan.Of(model).PlannedBytes, name);
            Assert.IsGreaterThanOrEqualTo(entry.GetProperty("tflm_arena_used_x64").GetInt32(), MemoryPlan.Of(model, 8).ArenaBytes, name);
        }
    }
}

using Sscma.TestSupport;
using Sscma.Training.Configuration;
using Sscma.Training.Network;

namespace Sscma.Training.Tests.Goldens;

/// <summary>The manifests are facts about configurations, not cases: they are always those of the repository.</summary>
[TestClass]
[TestCategory(Golden.Category)]
public sealed class ManifestGoldens
{
    private static readonly ModelConfig Nano = new();

    public static IEnumerable<object[]> Configurations =>
    [
        ["rtmdet_nano_8xb32_300e_coco", Nano],
        ["rtmdet_nano_8xb32_300e_coco_relu", Nano with { ChannelAttention = true, SplitPooling = true, NeckBlocks = 3 }],
        ["rtmdet_s_8xb32_300e_coco", Nano with { Widen = 0.5, ShareHeadConvs = true }],
        ["rtmdet_m_8xb32_300e_coco", Nano with { Deepen = 0.67, Widen = 0.75, ShareHeadConvs = true }],
        ["rtmdet_l_8xb32_300e_coco", Nano with { Deepen = 1, Widen = 1, ShareHeadConvs = true }],
    ];

    [TestMethod]
    [DynamicData(nameof(Configurations))]
    public void Names_shapes_and_kinds_equal_the_reference_state_dict(string name, ModelConfig config)
    {
        var manifest = Manifest(name);
        var entries = StateEntry.Of(new RtmDetNetwork(config).Units).ToArray();

        CollectionAssert.AreEqual(
            manifest.GetProperty("state_dict").EnumerateArray().Select(entry =>
                $"{entry.GetProperty("name")} [{string.Join(", ", entry.GetProperty("shape").EnumerateArray())}] {entry.GetProperty("kind")}").ToArray(),
            entries.Select(entry => $"{entry.Name} [{string.Join(", ", entry.Shape)}] {KindOf(entry)}").ToArray());
        Assert.AreEqual(
            manifest.GetProperty("summary").GetProperty("parameters").GetInt64(),
            entries.Where(entry => KindOf(entry) == "parameter").Sum(entry => entry.Count));
    }

    [TestMethod]
    [DynamicData(nameof(Configurations))]
    public void Multiply_accumulates_equal_the_reference_count(string name, ModelConfig config)
    {
        foreach (var size in Manifest(name).GetProperty("summary").GetProperty("conv_macs").EnumerateObject())
        {
            var side = int.Parse(size.Name.Split('x')[0]);
            var costs = CostOps.Of(new RtmDetNetwork(config), side, side);
            Assert.AreEqual(size.Value.GetProperty("conv_macs").GetInt64(), costs.MultiplyAccumulates, size.Name);
            Assert.AreEqual(size.Value.GetProperty("conv_calls").GetInt32(), costs.Convolutions, size.Name);
        }
    }

    private static System.Text.Json.JsonElement Manifest(string name)
    {
        using var document = System.Text.Json.JsonDocument.Parse(File.ReadAllText(TestPaths.Data("rtmdet", $"{name}.manifest.json")));
        return document.RootElement.Clone();
    }

    private static string KindOf(StateEntry entry) => entry switch
    {
        { AliasOf: not null } => "parameter_alias",
        { Kind: StateKind.Weight or StateKind.Undecayed } => "parameter",
        _ => "buffer",
    };
}

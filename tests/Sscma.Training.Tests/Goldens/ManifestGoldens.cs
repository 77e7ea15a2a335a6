using System.Text.Json;
using Sscma.TestSupport;
using Sscma.Training.Configuration;
using Sscma.Training.Network;

namespace Sscma.Training.Tests.Goldens;

/// <summary>The manifests are facts about configurations, not cases: they are always those of the repository.</summary>
[TestClass]
[TestCategory(Golden.Category)]
public sealed class ManifestGoldens
{
    private const string Mobile = "rtmdet_mnv4_8xb32_300e_coco";

    [TestMethod]
    [DataRow("rtmdet_nano_8xb32_300e_coco")]
    [DataRow("rtmdet_nano_8xb32_300e_coco_relu")]
    [DataRow("rtmdet_nano_8xb32_300e_coco_relu_q")]
    [DataRow("rtmdet_s_8xb32_300e_coco")]
    [DataRow("rtmdet_m_8xb32_300e_coco")]
    [DataRow("rtmdet_l_8xb32_300e_coco")]
    public void Names_shapes_and_kinds_equal_the_reference_state_dict(string name)
    {
        var manifest = Manifest(name);
        var entries = StateEntry.Of(NetworkOf(name).Units).ToArray();

        CollectionAssert.AreEqual(
            manifest.GetProperty("state_dict").EnumerateArray().Select(entry =>
                $"{entry.GetProperty("name")} [{string.Join(", ", entry.GetProperty("shape").EnumerateArray())}] {entry.GetProperty("kind")}").ToArray(),
            entries.Select(entry => $"{entry.Name} [{string.Join(", ", entry.Shape)}] {KindOf(entry)}").ToArray());
        Assert.AreEqual(manifest.GetProperty("summary").GetProperty("parameters").GetInt64(), Count(entries));
    }

    [TestMethod]
    [DataRow("rtmdet_nano_8xb32_300e_coco")]
    [DataRow("rtmdet_nano_8xb32_300e_coco_relu")]
    [DataRow("rtmdet_nano_8xb32_300e_coco_relu_q")]
    [DataRow("rtmdet_s_8xb32_300e_coco")]
    [DataRow("rtmdet_m_8xb32_300e_coco")]
    [DataRow("rtmdet_l_8xb32_300e_coco")]
    public void Multiply_accumulates_equal_the_reference_count(string name)
    {
        foreach (var size in Manifest(name).GetProperty("summary").GetProperty("conv_macs").EnumerateObject())
        {
            var side = int.Parse(size.Name.Split('x')[0]);
            var costs = CostOps.Of(NetworkOf(name), side, side);
            Assert.AreEqual(size.Value.GetProperty("conv_macs").GetInt64(), costs.MultiplyAccumulates, size.Name);
            Assert.AreEqual(size.Value.GetProperty("conv_calls").GetInt32(), costs.Convolutions, size.Name);
        }
    }

    [TestMethod]
    public void Neck_and_head_of_mnv4_equal_the_reference_state_dict()
    {
        var manifest = Manifest(Mobile);
        var entries = StateEntry.Of(NetworkOf(Mobile).Units).Where(entry => !entry.Name.StartsWith("backbone.", StringComparison.Ordinal)).ToArray();

        CollectionAssert.AreEqual(
            manifest.GetProperty("state_dict").EnumerateArray().Select(entry => $"{entry.GetProperty("name")} [{string.Join(", ", entry.GetProperty("shape").EnumerateArray())}]").ToArray(),
            entries.Select(entry => $"{entry.Name} [{string.Join(", ", entry.Shape)}]").ToArray());
        long Part(string prefix) => Count([.. entries.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal))]);
        Assert.AreEqual(manifest.GetProperty("summary").GetProperty("neck_parameters").GetInt64(), Part("neck."));
        Assert.AreEqual(manifest.GetProperty("summary").GetProperty("head_parameters").GetInt64(), Part("bbox_head."));
    }

    // Published for the classifier: 3.77 million parameters and 0.19 thousand million multiply-accumulates at 224 pixels
    // (Qin et al., arXiv 2404.10518, table 5: 3.8 M, 0.2 G). What the features lack of it is its head: 960 → 1280 → 1000.
    [TestMethod]
    public void The_backbone_of_mnv4_has_the_published_size()
    {
        var network = NetworkOf(Mobile);
        Assert.AreEqual(2.29, CostOps.Of(network, 192, 192).MultiplyAccumulates / 1e9, 0.005, "the figure in docs/configuration.md");
        const long classifier = (960 * 1280) + (2 * 1280) + (1280 * 1000) + 1000;
        Assert.AreEqual(3_774_024, Count([.. StateEntry.Of(network.Backbone.Units)]) + classifier);

        var costs = new CostOps();
        var features = network.Backbone.Forward(costs, new Extent(3, 224, 224));
        Assert.AreEqual(0.19e9, costs.MultiplyAccumulates + (960 * 1280) + (1280 * 1000), 0.005e9);
        Assert.AreSequenceEqual([new Extent(64, 28, 28), new Extent(96, 14, 14), new Extent(960, 7, 7)], features);
        Assert.AreSequenceEqual(network.Backbone.Channels, features.Select(feature => (int)feature.Channels));
    }

    // Names as in timm's checkpoints, each kind of block once.
    [TestMethod]
    [DataRow("conv_stem.weight", "32, 3, 3, 3")]
    [DataRow("bn1.running_mean", "32")]
    [DataRow("blocks.0.0.conv.weight", "32, 32, 3, 3")]
    [DataRow("blocks.1.1.bn1.weight", "64")]
    [DataRow("blocks.2.0.dw_start.conv.weight", "64, 1, 5, 5")]
    [DataRow("blocks.2.0.dw_start.bn.bias", "64")]
    [DataRow("blocks.2.0.pw_exp.conv.weight", "192, 64, 1, 1")]
    [DataRow("blocks.2.0.dw_mid.conv.weight", "192, 1, 5, 5")]
    [DataRow("blocks.2.5.pw_proj.bn.num_batches_tracked", "")]
    [DataRow("blocks.3.3.pw_exp.conv.weight", "384, 128, 1, 1")]
    [DataRow("blocks.4.0.conv.weight", "960, 128, 1, 1")]
    [DataRow("blocks.4.0.bn1.bias", "960")]
    public void The_backbone_of_mnv4_has_the_names_of_timm(string name, string shape)
    {
        var entry = StateEntry.Of(NetworkOf(Mobile).Units).Single(entry => entry.Name == $"backbone.{name}");

        Assert.AreEqual(shape, string.Join(", ", entry.Shape));
    }

    private static RtmDetNetwork NetworkOf(string config) =>
        new(ConfigLoader.Load(config, Path.Combine(TestPaths.Repository, "targets", "configs"), []).Model);

    private static long Count(IReadOnlyCollection<StateEntry> entries) => entries.Where(entry => KindOf(entry) == "parameter").Sum(entry => entry.Count);

    private static JsonElement Manifest(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(TestPaths.Data("rtmdet", $"{name}.manifest.json")));
        return document.RootElement.Clone();
    }

    private static string KindOf(StateEntry entry) => entry switch
    {
        { AliasOf: not null } => "parameter_alias",
        { Kind: StateKind.Weight or StateKind.Undecayed } => "parameter",
        _ => "buffer",
    };
}

using Sscma.Diagnostics;
using Sscma.Tensors;
using Sscma.TestSupport;
using Sscma.Training.Configuration;
using Sscma.Training.Network;
using Sscma.Training.Weights;

namespace Sscma.Training.Tests.Weights;

[TestClass]
public sealed class PretrainedStartTests
{
    private static readonly ModelConfig Eighth = new() { Widen = 0.03125, NumClasses = 2 };

    [TestMethod]
    [DataRow("")]
    [DataRow("module.")]
    [DataRow("_orig_mod.module.")]
    [DataRow("model.")]
    public void A_whole_checkpoint_fits_whatever_wraps_it(string wrapper)
    {
        var entries = Entries(Eighth);

        var start = PretrainedStart.Fit(FileOf(entries.Select(entry => (wrapper + entry.Name, entry.Shape))), entries);

        Assert.AreEqual(start.Needed, start.Loaded.Count);
        Assert.IsEmpty(start.Reshaped.Concat(start.Missing).Concat(start.Unused));
        Assert.AreEqual($"Pretrained weights: {start.Needed} of {start.Needed} tensors loaded from weights.pth.", start.Lines().Single());
    }

    [TestMethod]
    public void A_backbone_by_PyTorch_is_taken_and_the_rest_is_named()
    {
        var start = PretrainedStart.Fit(PretrainedFile.Read(TestPaths.Data("pretrained", "backbone.pth")), Entries(Eighth));

        Assert.HasCount(195, start.Loaded);
        Assert.IsTrue(start.Loaded.Keys.All(name => name.StartsWith("backbone.", StringComparison.Ordinal)));
        Assert.IsTrue(start.Missing.All(name => name.StartsWith("neck.", StringComparison.Ordinal) || name.StartsWith("bbox_head.", StringComparison.Ordinal)));
        Assert.AreEqual(start.Needed, start.Loaded.Count + start.Missing.Count);
        Assert.Contains("Not in the file: neck.reduce_layers.2.conv.weight", string.Join('\n', start.Lines()));

        using var detector = RtmDet.Create(Eighth, seed: 1);
        var before = detector.Parameters.Export().ToDictionary();
        detector.Parameters.ImportSome(start.Loaded);
        foreach (var (name, tensor) in detector.Parameters.Export())
            Assert.AreSequenceEqual(start.Loaded.TryGetValue(name, out var loaded) ? loaded.Bytes : before[name].Bytes, tensor.Bytes, name);
    }

    // timm's file has no "backbone.", a classifier of its own, and what a wrapped backbone calls it.
    [TestMethod]
    [DataRow("")]
    [DataRow("backbone.timm_model.")]
    public void The_weights_of_timm_fit_the_backbone_of_mnv4(string prefix)
    {
        var entries = Entries(new ModelConfig { Backbone = "mobilenetv4_conv_small", Activation = "silu", Input = "imagenet", Widen = 0.25, NumClasses = 2 });
        var backbone = entries.Where(entry => entry.Name.StartsWith("backbone.", StringComparison.Ordinal)).ToList();

        var start = PretrainedStart.Fit(
            FileOf(backbone.Select(entry => (prefix + entry.Name["backbone.".Length..], entry.Shape)).Append(("classifier.weight", [1000L, 1280]))), entries);

        Assert.HasCount(backbone.Count(entry => entry.Kind != StateKind.Counter), start.Loaded);
        Assert.AreSequenceEqual(["classifier.weight"], start.Unused);
    }

    [TestMethod]
    public void Another_number_of_classes_leaves_the_class_layers_fresh_and_says_so()
    {
        var coco = Entries(Eighth with { NumClasses = 80 });

        var start = PretrainedStart.Fit(FileOf(coco.Select(entry => (entry.Name, entry.Shape))), Entries(Eighth));

        Assert.AreEqual(start.Needed - 6, start.Loaded.Count);
        Assert.Contains("Not loaded, another shape (file → network): bbox_head.head_module.rtm_cls.0.weight [80, 8, 1, 1] → [2, 8, 1, 1]", string.Join('\n', start.Lines()));
        Assert.IsEmpty(start.Missing);
    }

    [TestMethod]
    public void Weights_of_another_kind_of_network_are_an_error()
    {
        var error = Assert.ThrowsExactly<DiagnosticException>(() => PretrainedStart.Fit(FileOf([("layer1.weight", [3L, 3])]), Entries(Eighth))).Diagnostic;

        Assert.AreEqual(Codes.PretrainedDoesNotFit, error.Code);
        Assert.Contains("Theirs are called layer1.weight; the network's backbone.stem.0.conv.weight, ", error.Message);
    }

    private static List<StateEntry> Entries(ModelConfig config) => [.. StateEntry.Of(new RtmDetNetwork(config).Units)];

    private static PretrainedFile FileOf(IEnumerable<(string Name, long[] Shape)> tensors) => new(
        "weights.pth", "", [.. tensors.Select(tensor => KeyValuePair.Create(tensor.Name, StoredTensor.From(new float[tensor.Shape.Aggregate(1L, (a, b) => a * b)], tensor.Shape)))]);
}

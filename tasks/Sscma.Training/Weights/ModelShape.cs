using Sscma.Tensors;
using Sscma.Training.Configuration;
using Sscma.Training.Network;

namespace Sscma.Training.Weights;

/// <summary>Finds the model section that a state dict was made with, from its names, shapes and shared values.</summary>
public static class ModelShape
{
    private const string Head = "bbox_head.head_module";

    // The reference's own factors first, so that its checkpoints come out with the numbers people know.
    private static readonly double[] Deepens = [0.33, 0.67, 1, .. Enumerable.Range(1, 400).Select(percent => percent / 100.0)];

    /// <summary>
    /// The configuration whose network has exactly these entries. Pooling is not in the weights (split or not gives the same values);
    /// of several factors with the same block counts the first of 0.33, 0.67, 1, 0.01, 0.02, … is taken.
    /// Activation and input are not in the weights either; those of the reference's configuration with this backbone are taken.
    /// </summary>
    /// <exception cref="InvalidDataException">No RTMDet has these entries.</exception>
    public static ModelConfig Infer(IReadOnlyDictionary<string, StoredTensor> state)
    {
        var mobile = state.ContainsKey("backbone.conv_stem.weight");
        var config = new ModelConfig
        {
            Backbone = mobile ? "mobilenetv4_conv_small" : "cspnext",
            Activation = mobile ? "silu" : "relu",
            Input = mobile ? "imagenet" : "unit",
            NumClasses = Extent(state, $"{Head}.rtm_cls.0.weight"),
            Widen = mobile ? Extent(state, "neck.out_layers.0.conv.weight") / 256.0 : Extent(state, "backbone.stage4.0.conv.weight") / 1024.0,
            ChannelAttention = state.ContainsKey("backbone.stage1.1.attention.fc.weight"),
            ShareHeadConvs = HasSharedConvs(state),
        };
        foreach (var deepen in Deepens)
        {
            foreach (var neckBlocks in Enumerable.Range(1, 12))
            {
                var candidate = config with { Deepen = deepen, NeckBlocks = neckBlocks };
                if (Fits(candidate, state))
                    return candidate;
            }
        }

        throw new InvalidDataException("the weights are not those of an RTMDet with a CSPNeXt or MobileNetV4 backbone");
    }

    private static int Extent(IReadOnlyDictionary<string, StoredTensor> state, string name) =>
        state.TryGetValue(name, out var tensor) && tensor.Shape.Length > 0 ? (int)tensor.Shape[0] : throw new InvalidDataException($"the weights lack '{name}'");

    private static bool HasSharedConvs(IReadOnlyDictionary<string, StoredTensor> state) =>
        Enumerable.Range(1, 2).All(level => state.TryGetValue($"{Head}.cls_convs.{level}.0.conv.weight", out var tensor)
            && tensor.Bytes.AsSpan().SequenceEqual(state[$"{Head}.cls_convs.0.0.conv.weight"].Bytes));

    private static bool Fits(ModelConfig config, IReadOnlyDictionary<string, StoredTensor> state)
    {
        var entries = StateEntry.Of(new RtmDetNetwork(config).Units).ToList();
        return entries.Count == state.Count && entries.TrueForAll(entry => state.TryGetValue(entry.Name, out var tensor) && tensor.Shape.SequenceEqual(entry.Shape));
    }
}

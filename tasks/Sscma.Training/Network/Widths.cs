using Sscma.Training.Configuration;

namespace Sscma.Training.Network;

/// <summary>The reference's arithmetic of channel and block counts, and what follows its norms.</summary>
internal sealed class Widths(ModelConfig config)
{
    /// <summary>What follows each norm of CSPNeXt, neck and head.</summary>
    public Activation Activation => config.Activation == "silu" ? Activation.Silu : Activation.Relu;

    /// <summary>Channels of the stem's first two convolutions.</summary>
    public int HalfStem => (int)(64 * config.Widen / 2);

    /// <summary>int(channels·widen).</summary>
    public int Channels(int channels) => (int)(channels * config.Widen);

    /// <summary>Blocks of a backbone layer: at least one. Halves are rounded to the even neighbour.</summary>
    public int BackboneBlocks(int blocks) => Math.Max(NeckBlocks(blocks), 1);

    /// <summary>Blocks of a neck layer. There is no lower bound, so 1·0.33 gives a layer without blocks.</summary>
    public int NeckBlocks(int blocks) => (int)Math.Round(blocks * config.Deepen, MidpointRounding.ToEven);
}

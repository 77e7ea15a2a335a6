namespace Sscma.Training.Network;

/// <summary>
/// A square convolution with its names. With a norm it has no bias and ends in an activation (<c>Name.conv.weight</c>, <c>Name.bn.*</c>);
/// without one it has a bias and no activation (<c>Name.weight</c>, <c>Name.bias</c>). The names are those of the reference's checkpoints.
/// </summary>
/// <param name="Name">Prefix of the parameters' names.</param>
/// <param name="In">Input channels.</param>
/// <param name="Out">Output channels.</param>
/// <param name="Kernel">Width of the window, odd; the padding is half of it.</param>
public sealed record ConvUnit(string Name, int In, int Out, int Kernel)
{
    /// <summary>Step of the window.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Channel groups: 1, or <see cref="In"/> for a depthwise convolution.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Batch norm and <see cref="Activation"/> follow.</summary>
    public bool HasNorm { get; init; } = true;

    /// <summary>What follows the norm.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Name of a normed convolution in a checkpoint, where it is not <c>Name.conv</c>.</summary>
    public string? ConvName { get; init; }

    /// <summary>Name of the norm in a checkpoint, where it is not <c>Name.bn</c>.</summary>
    public string? NormPrefix { get; init; }

    /// <summary>The unit whose weight this one uses as well; null for a weight of its own.</summary>
    public string? SharesWeightOf { get; init; }

    /// <summary>Drawn from normal(0, this); null for uniform(±1/√fan-in), the default of the reference's convolutions.</summary>
    public double? InitialDeviation { get; init; }

    /// <summary>Initial value of the bias.</summary>
    public double InitialBias { get; init; }

    /// <summary>Zeros added on each side.</summary>
    public int Padding => Kernel / 2;

    /// <summary>Inputs of one output value.</summary>
    public int FanIn => In / Groups * Kernel * Kernel;

    /// <summary>(Out, In / Groups, Kernel, Kernel).</summary>
    public long[] WeightShape => [Out, In / Groups, Kernel, Kernel];

    /// <summary>Name of the weight in a checkpoint.</summary>
    public string WeightName => HasNorm ? $"{ConvName ?? $"{Name}.conv"}.weight" : $"{Name}.weight";

    /// <summary>Name of the bias in a checkpoint; only without a norm.</summary>
    public string BiasName => $"{Name}.bias";

    /// <summary>Name of one of the norm's entries in a checkpoint.</summary>
    public string NormName(string entry) => $"{NormPrefix ?? $"{Name}.bn"}.{entry}";
}

namespace Sscma.Training.Network;

/// <summary>
/// MobileNetV4's universal inverted bottleneck: a depthwise convolution before the expansion, one within it, both, or neither.
/// The first and the last convolution have no activation. The input is added where its shape is the output's.
/// </summary>
internal sealed class InvertedBottleneck(string name, int input, int output) : IBlock
{
    private ConvUnit[]? _units;

    /// <summary>Kernel of the depthwise convolution before the expansion; 0 for none.</summary>
    public int Before { get; init; }

    /// <summary>Kernel of the depthwise convolution within the expansion; 0 for none.</summary>
    public int Within { get; init; }

    /// <summary>Step of the convolution within; only with <see cref="Within"/>.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>How many times wider the middle is than the input.</summary>
    public int Expansion { get; init; } = 1;

    /// <inheritdoc/>
    public IEnumerable<ConvUnit> Units => _units ??= [.. MakeUnits()];

    /// <inheritdoc/>
    public T Forward<T>(IOps<T> ops, T x)
    {
        var y = Units.Aggregate(x, ops.Conv); // (N, output, H/Stride, W/Stride)
        return input == output && Stride == 1 ? ops.Add(y, x) : y;
    }

    private IEnumerable<ConvUnit> MakeUnits()
    {
        var middle = input * Expansion;
        if (Before > 0)
            yield return Depthwise("dw_start", input, Before) with { Activation = Activation.None };
        yield return MobileNetV4.Initialized(new ConvUnit($"{name}.pw_exp", input, middle, 1));
        if (Within > 0)
            yield return Depthwise("dw_mid", middle, Within) with { Stride = Stride };
        yield return MobileNetV4.Initialized(new ConvUnit($"{name}.pw_proj", middle, output, 1) { Activation = Activation.None });
    }

    private ConvUnit Depthwise(string part, int channels, int kernel) =>
        MobileNetV4.Initialized(new ConvUnit($"{name}.{part}", channels, channels, kernel) { Groups = channels });
}

using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// What a convolution or matrix product of codes needs to know before its loops: multipliers, bias, range. Weights are int8; input and output are both
/// int8 or both int16.
/// </summary>
internal sealed class ConvSetup : ConvShape
{
    /// <summary>
    /// The magnitudes of the weights of one 32-bit sum of products with int16 codes add up to this at most: |code| ≤ 2^15, so the sum stays below 2^31.
    /// </summary>
    public const int MostWeightOfInt16 = (1 << 16) - 1;

    private readonly bool _roundsHalfUp;

    public ConvSetup(Node node)
        : base(node, TensorType.Int8)
    {
        _roundsHalfUp = node.Path == KernelPath.PlainLite && node.Code != BuiltinOperator.DepthwiseConv2D;
        node.Require(Weights.IsConstant, "needs constant weights");
        InputZero = Input.ZeroPoint;
        OutputZero = Output.ZeroPoint;
        Range = CodeRange.Of(Activation, Output, node);
        Multipliers = MultipliersOf(node);
        (Bias, WideBias) = BiasOf(node);
    }

    public int InputZero { get; }

    public int OutputZero { get; }

    public CodeRange Range { get; }

    /// <summary>One for each output channel.</summary>
    public Multiplier[] Multipliers { get; }

    /// <summary>One for each output channel; zeros when the operator has none.</summary>
    public int[] Bias { get; }

    /// <summary>
    /// One for each output channel where sums have 64 bits, else empty. Sums of int16 codes have them, as in the reference, unless the bias is int32.
    /// </summary>
    public long[] WideBias { get; }

    /// <summary>Whether sums have 64 bits.</summary>
    public bool HasWideSums => WideBias.Length > 0;

    /// <summary>Whether kernels with vectors may run this.</summary>
    public bool SuitsVectors(Node node) => node.Path is not (KernelPath.Plain or KernelPath.PlainLite) && IsInArena;

    /// <summary>The output code of a sum of products; of sums with 32 bits only those count.</summary>
    public int CodeOf(int channel, long sum)
    {
        var multiplier = Multipliers[channel];
        var scaled = HasWideSums ? WideMultiplier.Of(multiplier).Apply(sum + WideBias[channel])
            : _roundsHalfUp ? multiplier.ApplyHalfUp((int)sum + Bias[channel])
            : multiplier.Apply((int)sum + Bias[channel]);
        return Math.Clamp(scaled + OutputZero, Range.Lowest, Range.Highest);
    }

    private Multiplier[] MultipliersOf(Node node)
    {
        var scales = Weights.Scales;
        node.Require(scales.Length == 1 || scales.Length == OutputChannels, $"has {scales.Length} weight scales for {OutputChannels} channels");

        // A matrix of one scale multiplies in float32, and only that does.
        var inFloat = node.Code == BuiltinOperator.FullyConnected && scales.Length == 1;
        var multipliers = new Multiplier[OutputChannels];
        for (var c = 0; c < OutputChannels; c++)
        {
            var scale = scales[scales.Length == 1 ? 0 : c];
            multipliers[c] = Multiplier.Of((inFloat ? Input.Scale * scale : (double)Input.Scale * scale) / Output.Scale);
        }

        return multipliers;
    }

    private (int[] Narrow, long[] Wide) BiasOf(Node node)
    {
        var bias = node.Optional(2);
        var wide = Input.Type == TensorType.Int16 && bias?.Type != TensorType.Int32;
        var type = wide ? TensorType.Int64 : TensorType.Int32;
        node.Require(wide || Input.Type == TensorType.Int8 || node.Code != BuiltinOperator.DepthwiseConv2D, "needs an int64 bias");
        node.Require(
            bias is null || (bias.Type == type && bias.IsConstant && bias.Count == OutputChannels), $"needs a constant {type.ToString().ToLowerInvariant()} bias for each channel");
        node.Require(!wide || Multipliers.All(WideMultiplier.Fits), "has an output scale that is less than a 128th of its sums' scale");
        if (wide)
            return (new int[OutputChannels], bias is null ? new long[OutputChannels] : bias.Elements<long>().ToArray());
        return (bias is null ? new int[OutputChannels] : bias.Int32.ToArray(), []);
    }
}

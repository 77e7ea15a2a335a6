using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>What a float32 convolution or matrix product needs to know before its loops.</summary>
internal sealed class FloatConvSetup : ConvShape
{
    private readonly Operand? _bias;

    public FloatConvSetup(Node node)
        : base(node, TensorType.Float32)
    {
        node.Output(TensorType.Float32);
        _bias = node.Optional(2);
        node.Require(_bias is null || (_bias.Type == TensorType.Float32 && _bias.Count == OutputChannels), "needs a float32 bias for each channel");
        Range = CodeRange.Floats(Activation, node);
    }

    public (float Lowest, float Highest) Range { get; }

    /// <summary>Whether kernels with vectors may run this: they take weights and biases when they are built.</summary>
    public bool SuitsVectors(Node node) =>
        node.Path is not (KernelPath.Plain or KernelPath.PlainLite) && IsInArena && Weights.IsKnown && (_bias is null || _bias.IsKnown);

    /// <summary>The bias of a channel; 0 when the operator has none.</summary>
    public float BiasOf(int channel) => _bias is null ? 0 : _bias.Floats[channel];
}

using System.Runtime.InteropServices;
using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Emission;

/// <summary>float32 throughout; on request constants are stored as float16 and widened by the file itself, as TFLite's converter does it.</summary>
internal sealed class FloatEncoding(bool halves) : Encoding
{
    /// <inheritdoc/>
    public override bool Saturates => false;

    /// <inheritdoc/>
    public override (TensorType Type, TfliteQuantization? Quantization) Of(Value value) => (TensorType.Float32, null);

    /// <inheritdoc/>
    public override byte[] Elements(Value value, float[] reals) => MemoryMarshal.AsBytes<float>(Array.ConvertAll(reals, real => Math.Max(real, float.MinValue))).ToArray();

    /// <inheritdoc/>
    public override (int Weights, int Bias) Constants(TfliteBuilder builder, ConvLayer layer) => (
        Constant(builder, $"{layer.Output.Name}/weights", ShapeOf(layer), InOrder(layer, layer.Kernel)),
        Constant(builder, $"{layer.Output.Name}/bias", [layer.Bias.Length], layer.Bias));

    /// <summary>-1..1 has an activation in TFLite; the ReLU that makes 0..1 of it follows as an operator.</summary>
    public override Activation ActivationOf(ConvLayer layer) => layer.Saturation switch
    {
        null => layer.Activation,
        { Min: 0, Max: 1 } => Activation.ReluN1To1,
        _ => throw new InvalidOperationException($"no TFLite operator cuts at {layer.Saturation}"),
    };

    private int Constant(TfliteBuilder builder, string name, int[] shape, float[] data)
    {
        if (!halves)
            return builder.Float32(name, shape, data);
        // Beyond the halves' range there is only infinity, which no sum survives.
        var stored = Array.ConvertAll(data, value => (Half)Math.Clamp(value, (float)Half.MinValue, (float)Half.MaxValue));
        var half = builder.Float16($"{name}/half", shape, stored);
        var whole = builder.Computed(name, shape, TensorType.Float32);
        builder.Operator(BuiltinOperator.Dequantize, [half], whole);
        return whole;
    }
}

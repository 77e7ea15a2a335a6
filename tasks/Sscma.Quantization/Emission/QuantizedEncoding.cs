using System.Runtime.InteropServices;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Scales;
using Sscma.Tflite;

namespace Sscma.Quantization.Emission;

/// <summary>int8 or int16 activations, int8 weights with a scale for each output channel, int32 or int64 biases.</summary>
/// <param name="plan">The codes of every value.</param>
/// <param name="means">Channel means of the values that were watched; empty to leave the biases as they are.</param>
internal sealed class QuantizedEncoding(ScalePlan plan, IReadOnlyDictionary<Value, float[]> means) : Encoding
{
    /// <inheritdoc/>
    public override bool Saturates => true;

    /// <inheritdoc/>
    public override (TensorType Type, TfliteQuantization? Quantization) Of(Value value) => (plan.Codes[value].Type, plan.Codes[value].ToTflite());

    /// <inheritdoc/>
    public override byte[] Elements(Value value, float[] reals)
    {
        var codes = plan.Codes[value];
        if (codes.Type == TensorType.Int16)
            return MemoryMarshal.AsBytes<short>(Array.ConvertAll(reals, real => (short)Math.Clamp(Math.Round(real / codes.Scale), short.MinValue, short.MaxValue))).ToArray();
        return Array.ConvertAll(reals, real => (byte)(sbyte)Math.Clamp(Math.Round(real / codes.Scale) + codes.ZeroPoint, sbyte.MinValue, sbyte.MaxValue));
    }

    /// <inheritdoc/>
    public override (int Weights, int Bias) Constants(TfliteBuilder builder, ConvLayer layer)
    {
        var input = plan.Codes[layer.Input];
        var kernel = QuantizedKernel.Of(layer, input, plan.Codes[layer.Output], means.GetValueOrDefault(layer.Input));
        var weights = builder.Int8(
            $"{layer.Output.Name}/weights", ShapeOf(layer), InOrder(layer, kernel.Weights), TfliteQuantization.PerChannel(kernel.Scales, layer.Depthwise ? 3 : 0));
        // TFLite 2.9 refuses a bias scale that is not the float32 product.
        var scales = TfliteQuantization.PerChannel(Array.ConvertAll(kernel.Scales, scale => input.Scale * scale), 0);
        var (name, shape) = ($"{layer.Output.Name}/bias", new[] { kernel.Bias.Length });
        return (weights, input.Type == TensorType.Int16
            ? builder.Int64(name, shape, kernel.Bias, scales)
            : builder.Int32(name, shape, Array.ConvertAll(kernel.Bias, bias => (int)bias), scales));
    }

    /// <summary>8-bit codes end where the range ends. 16-bit codes are symmetric: they end at the upper end only, and ReLU is the lower one.</summary>
    public override Activation ActivationOf(ConvLayer layer) => layer switch
    {
        { Saturation: null } => layer.Activation,
        _ when plan.Codes[layer.Output].Type == TensorType.Int8 => layer.Activation,
        { Saturation: { Min: 0 } } => Activation.Relu,
        _ => throw new InvalidOperationException($"16-bit codes cannot saturate at {layer.Saturation}"),
    };
}

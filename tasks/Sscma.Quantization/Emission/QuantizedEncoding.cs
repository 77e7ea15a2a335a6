using System.Runtime.InteropServices;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Scales;
using Sscma.Tflite;

namespace Sscma.Quantization.Emission;

/// <summary>int8 or int16 activations, int8 weights with a scale for each output channel, int32 or int64 biases.</summary>
/// <param name="plan">The codes of every value.</param>
/// <param name="kernels">The constants of every convolution, by its result.</param>
internal sealed class QuantizedEncoding(ScalePlan plan, IReadOnlyDictionary<Value, QuantizedKernel> kernels) : Encoding
{
    /// <inheritdoc/>
    public override bool Saturates => true;

    /// <inheritdoc/>
    public override (TensorType Type, TfliteQuantization? Quantization) Of(Value value) => (plan.Codes[value].Type, plan.Codes[value].ToTflite());

    /// <inheritdoc/>
    public override byte[] Elements(Value value, float[] reals)
    {
        var codes = plan.Codes[value];
        return codes.Type == TensorType.Int16
            ? MemoryMarshal.AsBytes<short>(Array.ConvertAll(reals, real => (short)codes.CodeOf(real))).ToArray()
            : Array.ConvertAll(reals, real => (byte)codes.CodeOf(real));
    }

    /// <inheritdoc/>
    public override (int Weights, int Bias) Constants(TfliteBuilder builder, ConvLayer layer)
    {
        var input = plan.Codes[layer.Input];
        var kernel = kernels[layer.Output];
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

using Sscma.Onnx;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Scales;
using Sscma.Tflite;

namespace Sscma.Quantization.Emission;

/// <summary>
/// Float operators between pairs of QuantizeLinear and DequantizeLinear with the codes of the .tflite file: every result is brought to its codes,
/// weights and biases are the codes of that file behind a DequantizeLinear. 8-bit codes of activations are unsigned here, 128 more than there: runtimes
/// prefer them, and some add the zero point to a float before they round, which costs no digit when it is 0.
/// </summary>
/// <param name="plan">The codes of every value.</param>
/// <param name="kernels">The constants of every convolution, by its result.</param>
internal sealed class OnnxPairs(ScalePlan plan, IReadOnlyDictionary<Value, QuantizedKernel> kernels) : OnnxEncoding
{
    /// <inheritdoc/>
    public override (long Opset, long IrVersion) Version => plan.Codes.Values.Any(codes => codes.Type == TensorType.Int16) ? (21, 10) : (17, 8);

    /// <inheritdoc/>
    public override string Input(OnnxBuilder builder, Value input, string name) => Pair(builder, input, name, null);

    /// <inheritdoc/>
    public override string Result(OnnxBuilder builder, Value value, string? output, Action<string> write)
    {
        var result = builder.Name(output is null ? value.Name : $"{value.Name}/result");
        write(result);
        return Pair(builder, value, result, output);
    }

    /// <inheritdoc/>
    public override string Again(OnnxBuilder builder, Value value, string real) => Pair(builder, value, real, null);

    /// <inheritdoc/>
    public override string Constant(OnnxBuilder builder, Value value, float[] data)
    {
        var codes = plan.Codes[value];
        var (name, shape) = ($"{value.Name}/codes", Nchw(value));
        var constant = codes.Type == TensorType.Int16
            ? builder.Constant(name, OnnxType.Int16, Array.ConvertAll(data, real => (short)codes.CodeOf(real)), shape)
            : builder.Constant(name, OnnxType.UInt8, Array.ConvertAll(data, real => (byte)(codes.CodeOf(real) + 128)), shape);
        var (scale, zero) = Scale(builder, value);
        return builder.Node("DequantizeLinear", $"{value.Name}/dequantize", [constant, scale, zero], builder.Name(value.Name));
    }

    /// <inheritdoc/>
    public override (string Weights, string Bias) Constants(OnnxBuilder builder, ConvLayer layer)
    {
        var (input, kernel, name) = (plan.Codes[layer.Input], kernels[layer.Output], layer.Output.Name);
        var channels = kernel.Scales.Length;
        var codes = builder.Constant($"{name}/weights/codes", OnnxType.Int8, InOrder(layer, kernel.Weights), ShapeOf(layer));
        var weights = Dequantized(
            builder, $"{name}/weights", codes, builder.Floats($"{name}/weights/scales", kernel.Scales, channels), builder.Constant($"{name}/weights/zero_points", OnnxType.Int8, new sbyte[channels], channels));
        // No operator of ONNX widens 64-bit codes; the product is the real that they stand for.
        var steps = Array.ConvertAll(kernel.Scales, scale => input.Scale * scale);
        if (input.Type == TensorType.Int16)
            return (weights, builder.Floats($"{name}/bias", [.. kernel.Bias.Zip(steps, (bias, step) => (float)(bias * (double)step))], channels));
        var bias = builder.Constant($"{name}/bias/codes", OnnxType.Int32, Array.ConvertAll(kernel.Bias, value => (int)value), channels);
        return (weights, Dequantized(
            builder, $"{name}/bias", bias, builder.Floats($"{name}/bias/scales", steps, channels), builder.Constant($"{name}/bias/zero_points", OnnxType.Int32, new int[channels], channels)));
    }

    /// <inheritdoc/>
    public override float Lowest(Value value) => plan.Codes[value].Range.Min;

    private static string Dequantized(OnnxBuilder builder, string name, string codes, string scales, string zeros) =>
        builder.Node("DequantizeLinear", $"{name}/dequantize", [codes, scales, zeros], builder.Name(name), ("axis", 0L));

    private string Pair(OnnxBuilder builder, Value value, string real, string? output)
    {
        var (scale, zero) = Scale(builder, value);
        var codes = builder.Node("QuantizeLinear", $"{value.Name}/quantize", [real, scale, zero], builder.Name($"{value.Name}/codes"));
        return builder.Node("DequantizeLinear", $"{value.Name}/dequantize", [codes, scale, zero], output ?? builder.Name($"{value.Name}/real"));
    }

    private (string Scale, string Zero) Scale(OnnxBuilder builder, Value value)
    {
        var codes = plan.Codes[value];
        var zero = $"{value.Name}/zero_point";
        return (
            builder.Floats($"{value.Name}/scale", [codes.Scale]),
            codes.Type == TensorType.Int16 ? builder.Constant(zero, OnnxType.Int16, new[] { (short)codes.ZeroPoint }) : builder.Constant(zero, OnnxType.UInt8, new[] { (byte)(codes.ZeroPoint + 128) }));
    }
}

using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Emission;

/// <summary>float32 throughout.</summary>
internal sealed class OnnxFloats : OnnxEncoding
{
    /// <inheritdoc/>
    public override (long Opset, long IrVersion) Version => (17, 8);

    /// <inheritdoc/>
    public override string Input(OnnxBuilder builder, Value input, string name) => name;

    /// <inheritdoc/>
    public override string Result(OnnxBuilder builder, Value value, string? output, Action<string> write)
    {
        var name = output ?? builder.Name(value.Name);
        write(name);
        return name;
    }

    /// <inheritdoc/>
    public override string Again(OnnxBuilder builder, Value value, string real) => real;

    /// <inheritdoc/>
    public override string Constant(OnnxBuilder builder, Value value, float[] data) => builder.Floats(value.Name, data, Nchw(value));

    /// <inheritdoc/>
    public override (string Weights, string Bias) Constants(OnnxBuilder builder, ConvLayer layer) => (
        builder.Floats($"{layer.Output.Name}/weights", InOrder(layer, layer.Kernel), ShapeOf(layer)),
        builder.Floats($"{layer.Output.Name}/bias", layer.Bias, layer.Bias.Length));

    /// <inheritdoc/>
    public override float Lowest(Value value) => float.MinValue;
}

using Sscma.Quantization.Graph;
using Sscma.Quantization.Scales;

namespace Sscma.Quantization;

/// <summary>The codes that the numbers of a detector have in its int8 file; made by <see cref="CodePlanner"/>.</summary>
public sealed class CodePlan
{
    private readonly Dictionary<string, Scales.Codes> _codes;
    private readonly Dictionary<string, ConvLayer> _convolutions;
    private readonly IReadOnlyDictionary<string, ChannelTerm[]> _terms;
    private readonly ScalePlan _plan;

    internal CodePlan(ScalePlan plan, IReadOnlyDictionary<string, ChannelTerm[]> terms)
    {
        (_plan, _terms) = (plan, terms);
        _codes = plan.Codes.ToDictionary(pair => pair.Key.Name, pair => pair.Value);
        _convolutions = plan.Network.Layers.OfType<ConvLayer>().Where(layer => terms.ContainsKey(layer.Name)).ToDictionary(layer => layer.Name);
    }

    /// <summary>Distance and zero of a value's codes, -128 to 127; null for a value that the file does not hold, such as a sum whose activation is a part of it.</summary>
    /// <param name="value">Its name in the ONNX graph.</param>
    public (float Scale, int ZeroPoint)? Of(string value) => _codes.TryGetValue(value, out var codes) ? (codes.Scale, codes.ZeroPoint) : null;

    /// <summary>The same of an operand of a concatenation, where it gets codes of its own there; null where it keeps those of its value.</summary>
    /// <param name="concatenation">The result's name.</param>
    /// <param name="index">Which operand.</param>
    public (float Scale, int ZeroPoint)? OfOperand(string concatenation, int index) => Of(ScalePlan.OperandName(concatenation, index));

    /// <summary>
    /// For each output channel of a convolution the distance of two weight codes, -127 to 127, and the bias as its code says it, both in the
    /// unit of the ONNX graph's weights.
    /// </summary>
    /// <param name="node">The convolution's name in the ONNX graph.</param>
    /// <param name="largest">Greatest magnitude of the weights of each channel.</param>
    /// <param name="biases">Their biases.</param>
    public (float[] Scales, float[] Biases) KernelOf(string node, ReadOnlySpan<float> largest, ReadOnlySpan<float> biases)
    {
        var layer = _convolutions[node];
        var (input, output, terms) = (_plan.Codes[layer.Input], _plan.Codes[layer.Output], _terms[node]);
        var (scales, rounded) = (new float[largest.Length], new float[largest.Length]);
        for (var channel = 0; channel < scales.Length; channel++)
        {
            var (factor, offset) = terms[channel];
            var bias = (factor * biases[channel]) + offset;
            var scale = QuantizedKernel.ScaleOf(factor * largest[channel], bias, input, output, given: 0);
            scales[channel] = scale / factor;
            rounded[channel] = (float)(((QuantizedKernel.BiasOf(bias, scale, input) * (double)input.Scale * scale) - offset) / factor);
        }

        return (scales, rounded);
    }
}

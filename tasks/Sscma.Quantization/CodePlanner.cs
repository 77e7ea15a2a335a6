using Sscma.Onnx;
using Sscma.Quantization.Detectors;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Import;
using Sscma.Quantization.Scales;
using Sscma.Tflite;

namespace Sscma.Quantization;

/// <summary>
/// Tells ahead of the export which codes the numbers of a detector will have in its int8 file, so that a training can compute with them.
/// The exporter asks the same questions of the same ranges and weights and gets the same answers.
/// </summary>
public sealed class CodePlanner
{
    private readonly DetectorHead _head;
    private readonly Network _network;
    private readonly Dictionary<string, ChannelTerm[]> _terms;

    /// <summary>A planner for the networks of one shape.</summary>
    /// <param name="detector">A detector of that shape, as for <see cref="TfliteExporter"/>; its weights may change afterwards.</param>
    public CodePlanner(OnnxModel detector)
    {
        _head = DetectorHead.Require(OnnxImporter.Import(detector));
        _network = OnnxImporter.Import(_head.Centered(detector), Precision.Int8.HasHardSwish());
        Values = [.. _network.Layers.Where(layer => !layer.KeepsScale && layer.Output.Shape.Length == 4).Select(layer => layer.Output.Name)];
        var convolutions = detector.Nodes.Where(node => node.Op == "Conv").ToDictionary(node => node.Name);
        var tensors = detector.Initializers.ToDictionary(tensor => tensor.Name);
        _terms = _network.Layers.OfType<ConvLayer>().Where(layer => convolutions.ContainsKey(layer.Name)).ToDictionary(
            layer => layer.Name, layer => TermsOf(layer, tensors[convolutions[layer.Name].Inputs[1]], tensors[convolutions[layer.Name].Inputs[2]]));
    }

    /// <summary>The values of the ONNX graph that the file computes and holds in codes, in the order of the graph; those that only copy codes are none of them.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>The codes for some ranges.</summary>
    /// <param name="ranges">Lowest and highest real of each of <see cref="Values"/>.</param>
    public CodePlan Plan(IReadOnlyDictionary<string, (float Low, float High)> ranges)
    {
        var known = _network.Values.Where(value => ranges.ContainsKey(value.Name)).ToDictionary(value => value, value => new ValueRange(ranges[value.Name].Low, ranges[value.Name].High));
        var network = FirmwareLayout.Apply(_network, known, _head);
        return new CodePlan(ScalePlan.Of(network, known, TensorType.Int8), _terms);
    }

    /// <summary>What the file adds to the results of a convolution, for each channel; a value that has codes is the result with its offset.</summary>
    /// <param name="node">The convolution's name in the ONNX graph.</param>
    public IReadOnlyList<ChannelTerm> TermsOf(string node) => _terms[node];

    // What the importer has folded into a convolution beside its own weights: y' = factor * y + offset of each channel.
    private static ChannelTerm[] TermsOf(ConvLayer layer, OnnxTensor weights, OnnxTensor biases)
    {
        float[] own = weights.Floats(), bias = biases.Floats();
        var length = own.Length / bias.Length;
        var terms = new ChannelTerm[bias.Length];
        for (var channel = 0; channel < terms.Length; channel++)
        {
            var largest = QuantizedKernel.Largest(own[(channel * length)..((channel + 1) * length)]);
            var factor = largest > 0 ? QuantizedKernel.Largest(layer.Kernel[channel]) / largest : 1;
            terms[channel] = new ChannelTerm(factor, layer.Bias[channel] - (factor * bias[channel]));
        }

        return terms;
    }
}

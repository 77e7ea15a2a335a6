using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Scales;

/// <summary>A network in which every value has its codes. Requantizations were added where sharing a scale is impossible or would cost too much.</summary>
/// <param name="Network">The network, possibly with more layers than before.</param>
/// <param name="Codes">Codes of every value.</param>
internal sealed record ScalePlan(Network Network, IReadOnlyDictionary<Value, Codes> Codes)
{
    /// <summary>
    /// A value that others compute with keeps its own scale when a concatenation would make its steps coarser than this factor.
    /// Two bits of eight; below it, sharing costs less than another operator.
    /// </summary>
    private const float TolerableCoarsening = 4;

    /// <summary>The same with 16 bits, of which 11 are left then.</summary>
    private const float TolerableCoarseningOfInt16 = 32;

    /// <summary>Gives every value its codes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="ranges">Ranges of the values that calibration watched.</param>
    /// <param name="type">Type of the codes.</param>
    public static ScalePlan Of(Network network, IReadOnlyDictionary<Value, ValueRange> ranges, TensorType type)
    {
        var groups = new ScaleGroups(type);
        foreach (var value in network.Values)
            groups.Add(value, ranges.TryGetValue(value, out var range) ? range : null);
        foreach (var constant in network.Layers.OfType<ConstantLayer>())
            groups.Add(constant.Output, constant.Range);
        groups.Fix(network.Input, Scales.Codes.Pixels(type));
        foreach (var layer in network.Layers)
        {
            if (layer is SigmoidLayer or SoftmaxLayer)
                groups.Fix(layer.Output, Scales.Codes.Sigmoid(type));
            else if (layer is TanhLayer)
                groups.Fix(layer.Output, Scales.Codes.Tanh(type));
            else if (layer is ConvLayer { Saturation: { } saturation })
                groups.Fix(layer.Output, Scales.Codes.Of(type, saturation));
            else if (layer.KeepsScale && layer is not ConcatLayer)
                groups.Join(layer.Inputs[0], layer.Output);
        }

        // What the ONNX file says about codes counts wherever nothing else rules.
        foreach (var value in network.Values)
        {
            if (value.Given is { } given && given.Type == type && !groups.IsFixed(value))
                groups.Fix(value, given);
        }

        network = network with { Layers = Concatenations(network, groups, type == TensorType.Int8 ? TolerableCoarsening : TolerableCoarseningOfInt16) };
        if (type == TensorType.Int8)
            SteadyScales.Settle(network, groups);
        return new ScalePlan(network, network.Values.ToDictionary(value => value, groups.CodesOf));
    }

    /// <summary>The constants of every convolution in codes, by its result.</summary>
    /// <param name="means">Channel means of the values that were watched; empty to leave the biases as they are.</param>
    public IReadOnlyDictionary<Value, QuantizedKernel> Kernels(IReadOnlyDictionary<Value, float[]> means) => Network.Layers.OfType<ConvLayer>().ToDictionary(
        layer => layer.Output, layer => QuantizedKernel.Of(layer, Codes[layer.Input], Codes[layer.Output], means.GetValueOrDefault(layer.Input)));

    /// <summary>Name of a concatenation's operand in the concatenation's codes, where its value has others.</summary>
    public static string OperandName(string concatenation, int index) => $"{concatenation}/operand{index}";

    /// <summary>Joins the operands of every concatenation; returns the layers with the requantizations that this needs.</summary>
    private static List<Layer> Concatenations(Network network, ScaleGroups groups, float tolerable)
    {
        List<Layer> layers = [];
        foreach (var layer in network.Layers)
        {
            if (layer is not ConcatLayer concat)
            {
                layers.Add(layer);
                continue;
            }

            var whole = concat.Inputs.Aggregate(default(ValueRange), (range, value) => range.Union(groups.RangeOf(value)));
            var inputs = concat.Inputs.ToArray();
            for (var i = 0; i < inputs.Length; i++)
            {
                var input = inputs[i];
                if (groups.AreFixedAlike(input, concat.Output))
                {
                    groups.Join(concat.Output, input);
                    continue;
                }

                var coarsened = IsComputedWith(network, groups, input) && whole.Width > tolerable * groups.RangeOf(input).Width;
                if (groups.IsFixed(input) || coarsened)
                {
                    inputs[i] = new Value(OperandName(concat.Output.Name, i), input.Shape);
                    groups.Add(inputs[i], groups.RangeOf(input));
                    layers.Add(new RequantizeLayer($"{concat.Name}/operand{i}", input, inputs[i]));
                }

                groups.Join(concat.Output, inputs[i]);
            }

            layers.Add(concat with { Inputs = inputs });
        }

        return layers;
    }

    /// <summary>Whether some layer does arithmetic with the value or with an unchanged copy of it.</summary>
    private static bool IsComputedWith(Network network, ScaleGroups groups, Value value) =>
        network.Layers.Any(layer => !layer.KeepsScale && layer.Inputs.Any(input => groups.AreOne(input, value)));
}

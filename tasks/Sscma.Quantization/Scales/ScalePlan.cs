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
            if (type == TensorType.Int8 && value.Given is { } given && !groups.IsFixed(value))
                groups.Fix(value, new Codes(type, given.Scale, given.ZeroPoint));
        }

        network = network with { Layers = Concatenations(network, groups, type == TensorType.Int8 ? TolerableCoarsening : TolerableCoarseningOfInt16) };
        return new ScalePlan(network, network.Values.ToDictionary(value => value, groups.CodesOf));
    }

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
                var coarsened = IsComputedWith(network, groups, input) && whole.Width > tolerable * groups.RangeOf(input).Width;
                if (groups.IsFixed(input) || coarsened)
                {
                    inputs[i] = new Value($"{concat.Output.Name}/operand{i}", input.Shape);
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

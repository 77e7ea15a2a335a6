using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Scales;

/// <summary>A network in which every value has its codes. Requantizations were added where sharing a scale is impossible or would cost too much.</summary>
/// <param name="Network">The network, possibly with more layers than before.</param>
/// <param name="Codes">Codes of every value.</param>
internal sealed record ScalePlan(Network Network, IReadOnlyDictionary<Value, Codes8> Codes)
{
    /// <summary>
    /// A value that others compute with keeps its own scale when a concatenation would make its steps coarser than this factor.
    /// Two bits of eight; below it, sharing costs less than another operator.
    /// </summary>
    private const float TolerableCoarsening = 4;

    /// <summary>Gives every value its codes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="ranges">Ranges of the values that calibration watched.</param>
    /// <param name="input">Codes of the network's input.</param>
    public static ScalePlan Of(Network network, IReadOnlyDictionary<Value, ValueRange> ranges, Codes8 input)
    {
        var groups = new ScaleGroups();
        foreach (var value in network.Values)
            groups.Add(value, ranges.TryGetValue(value, out var range) ? range : null);
        groups.Fix(network.Input, input);
        foreach (var layer in network.Layers)
        {
            if (layer is SigmoidLayer)
                groups.Fix(layer.Output, Codes8.Sigmoid);
            else if (layer is ConvLayer { Saturation: { } saturation })
                groups.Fix(layer.Output, Codes8.Of(saturation));
            else if (layer.KeepsScale && layer is not ConcatLayer)
                groups.Join(layer.Inputs[0], layer.Output);
        }

        network = network with { Layers = Concatenations(network, groups) };
        return new ScalePlan(network, network.Values.ToDictionary(value => value, groups.CodesOf));
    }

    /// <summary>Joins the operands of every concatenation; returns the layers with the requantizations that this needs.</summary>
    private static List<Layer> Concatenations(Network network, ScaleGroups groups)
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
                var coarsened = IsComputedWith(network, groups, input) && whole.Width > TolerableCoarsening * groups.RangeOf(input).Width;
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

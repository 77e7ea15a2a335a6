namespace Sscma.Quantization.Graph;

/// <summary>The network between ONNX and TFLite: images are (1, H, W, C), batch norms and activations are folded in.</summary>
/// <param name="Input">What is fed.</param>
/// <param name="Layers">In the order in which they run.</param>
/// <param name="Outputs">What is asked for, in the order of the ONNX file.</param>
internal sealed record Network(Value Input, IReadOnlyList<Layer> Layers, IReadOnlyList<Value> Outputs)
{
    /// <summary>The input, then every result.</summary>
    public IEnumerable<Value> Values => Layers.Select(layer => layer.Output).Prepend(Input);

    /// <summary>The float graph that computes every value of the network that has an ONNX name: the file's, with some nodes taken apart.</summary>
    public Sscma.Onnx.OnnxModel? Lowered { get; init; }

    /// <summary>The layer that makes a value; null for the input.</summary>
    public Layer? MakerOf(Value value) => Layers.FirstOrDefault(layer => layer.Output == value);

    /// <summary>The value of which this one has all the elements, in another order or shape; the value itself where no layer only moves them.</summary>
    public Value SourceOf(Value value)
    {
        while (MakerOf(value) is ReshapeLayer or TransposeLayer)
            value = MakerOf(value)!.Inputs[0];
        return value;
    }
}

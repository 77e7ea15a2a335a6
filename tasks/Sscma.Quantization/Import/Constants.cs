using Sscma.Onnx;

namespace Sscma.Quantization.Import;

/// <summary>The constants of an ONNX graph: initializers, Constant nodes, and both behind Identity nodes.</summary>
internal sealed class Constants
{
    private readonly Dictionary<string, OnnxTensor> _tensors = new(StringComparer.Ordinal);

    public Constants(OnnxModel model)
    {
        foreach (var tensor in model.Initializers)
            _tensors[tensor.Name] = tensor;
    }

    public bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>Takes a node in whose result is a constant; false for every other node.</summary>
    public bool Take(OnnxNode node)
    {
        OnnxTensor? tensor = node.Op switch
        {
            "Identity" => _tensors.GetValueOrDefault(node.Inputs[0]),
            "Constant" => node.Attributes is [{ Value: var value }] ? Of(value) : null,
            _ => null,
        };
        if (tensor is null)
            return false;
        _tensors[node.Outputs[0]] = tensor;
        return true;
    }

    /// <summary>The elements of a float constant; null where the operand is absent, computed or of another type.</summary>
    public float[]? Floats(OnnxNode node, int operand) =>
        Find(node, operand) is { Type: OnnxType.Float } tensor ? tensor.Floats() : null;

    /// <summary>The elements of an int64 constant; null where the operand is absent, computed or of another type.</summary>
    public long[]? Longs(OnnxNode node, int operand) =>
        Find(node, operand) is { Type: OnnxType.Int64 } tensor ? tensor.Longs() : null;

    /// <summary>The constant at an operand's place; null where there is none.</summary>
    public OnnxTensor? Find(OnnxNode node, int operand) =>
        operand < node.Inputs.Count ? _tensors.GetValueOrDefault(node.Inputs[operand]) : null;

    private static OnnxTensor? Of(object value) => value switch
    {
        OnnxTensor tensor => tensor,
        float number => OnnxTensor.From("", [number]),
        long number => OnnxTensor.From("", [number]),
        float[] numbers => OnnxTensor.From("", numbers, numbers.Length),
        long[] numbers => OnnxTensor.From("", numbers, numbers.Length),
        _ => null,
    };
}

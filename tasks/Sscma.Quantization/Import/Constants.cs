using System.Runtime.InteropServices;
using Sscma.Onnx;

namespace Sscma.Quantization.Import;

/// <summary>The constants of an ONNX graph: initializers, Constant nodes, and what is computed from constants and shapes alone.</summary>
internal sealed class Constants
{
    private readonly Dictionary<string, OnnxTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredCodes> _stored = new(StringComparer.Ordinal);
    private readonly Func<string, long[]?> _shapeOf;

    /// <summary>The constants of a graph.</summary>
    /// <param name="model">The graph.</param>
    /// <param name="shapeOf">The ONNX shape of a computed value; null where it is not known.</param>
    public Constants(OnnxModel model, Func<string, long[]?> shapeOf)
    {
        _shapeOf = shapeOf;
        foreach (var tensor in model.Initializers)
            _tensors[tensor.Name] = tensor;
    }

    public bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>Takes a constant in that no node makes.</summary>
    public void Add(OnnxTensor tensor) => _tensors[tensor.Name] = tensor;

    /// <summary>Takes a node in whose result is a constant; false for every other node.</summary>
    /// <exception cref="InvalidDataException">The node's operands do not fit.</exception>
    public bool Take(OnnxNode node)
    {
        if (node.Outputs.Count == 0 || node.Domain.Length > 0)
            return false;
        var tensor = node.Op switch
        {
            "Constant" => node.Attributes is [{ Value: var value }] ? Of(value) : null,
            "Shape" => ShapeOf(node),
            _ => Folded(node),
        };
        if (tensor is null)
            return false;
        _tensors[node.Outputs[0]] = tensor;
        if (node.Op == "DequantizeLinear")
            _stored[node.Outputs[0]] = new StoredCodes(Find(node, 0)!, Floats(node, 1)!, Find(node, 2), node.Int("axis", 1));
        return true;
    }

    /// <summary>How a constant is stored that is the result of a DequantizeLinear; null for every other.</summary>
    public StoredCodes? Stored(OnnxNode node, int operand) => operand < node.Inputs.Count ? _stored.GetValueOrDefault(node.Inputs[operand]) : null;

    /// <summary>The elements of a constant of reals; null where the operand is absent, computed or of another type.</summary>
    public float[]? Floats(OnnxNode node, int operand) => Find(node, operand) is { } tensor ? Floats(tensor) : null;

    /// <summary>The elements of an int64 constant; null where the operand is absent, computed or of another type.</summary>
    public long[]? Longs(OnnxNode node, int operand) =>
        Find(node, operand) is { Type: OnnxType.Int64 } tensor ? tensor.Longs() : null;

    /// <summary>The constant at an operand's place; null where there is none.</summary>
    public OnnxTensor? Find(OnnxNode node, int operand) =>
        operand < node.Inputs.Count ? _tensors.GetValueOrDefault(node.Inputs[operand]) : null;

    /// <summary>The reals of a constant; null where it holds none.</summary>
    public static float[]? Floats(OnnxTensor tensor) => tensor.Type switch
    {
        OnnxType.Float => tensor.Floats(),
        OnnxType.Float16 => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(tensor.Bytes.Span).ToArray(), value => (float)value),
        OnnxType.Double => Array.ConvertAll(MemoryMarshal.Cast<byte, double>(tensor.Bytes.Span).ToArray(), value => (float)value),
        _ => null,
    };

    private OnnxTensor? Folded(OnnxNode node)
    {
        if (node.Inputs.Count == 0 || !node.Inputs.All(name => name.Length == 0 || Has(name)))
            return null;
        if (node.Op == "Identity")
            return _tensors.GetValueOrDefault(node.Inputs[0]);
        var operands = new Numbers?[node.Inputs.Count];
        for (var i = 0; i < operands.Length; i++)
        {
            if (node.Inputs[i].Length == 0)
                continue;
            if (Numbers.Of(_tensors[node.Inputs[i]]) is not { } operand)
                return null;
            operands[i] = operand;
        }

        return ConstantFolding.Fold(node, operands)?.ToTensor(node.Outputs[0]);
    }

    private OnnxTensor? ShapeOf(OnnxNode node)
    {
        if (node.Inputs.Count == 0)
            return null;
        var shape = _tensors.TryGetValue(node.Inputs[0], out var constant) ? constant.Shape : _shapeOf(node.Inputs[0]);
        if (shape is null)
            return null;
        var (start, end) = (Place(node.Int("start", 0)), Place(node.Int("end", long.MaxValue)));
        long[] part = start < end ? shape[start..end] : [];
        return OnnxTensor.From(node.Outputs[0], part, part.Length);

        int Place(long index) => (int)Math.Clamp(index < 0 ? index + shape.Length : index, 0, shape.Length);
    }

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

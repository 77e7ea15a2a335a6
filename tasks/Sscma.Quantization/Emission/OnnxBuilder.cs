using System.Runtime.InteropServices;
using Sscma.Onnx;

namespace Sscma.Quantization.Emission;

/// <summary>Collects the nodes and constants of an ONNX file. Values of a network may have the same name, those of a file may not.</summary>
/// <param name="model">The file; nothing is in it yet.</param>
internal sealed class OnnxBuilder(OnnxModel model)
{
    private readonly HashSet<string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _nodes = new(StringComparer.Ordinal);

    /// <summary>The file.</summary>
    public OnnxModel Model => model;

    /// <summary>A name that no value has yet: the wanted one, else with a number behind it.</summary>
    public string Name(string wanted) => Free(_values, wanted);

    /// <summary>Adds a node with one result; returns the result's name, which <see cref="Name"/> has given.</summary>
    public string Node(string op, string name, string[] inputs, string output, params (string Name, object Value)[] attributes)
    {
        model.Nodes.Add(OnnxNode.Of(op, Free(_nodes, name), inputs, output, attributes));
        return output;
    }

    public string Floats(string name, float[] values, params long[] shape) => Constant(OnnxTensor.From(name, values, shape));

    public string Longs(string name, params long[] values) => Constant(OnnxTensor.From(name, values, values.Length));

    /// <summary>Adds a constant of any type; returns its name.</summary>
    public string Constant<T>(string name, OnnxType type, T[] values, params long[] shape)
        where T : unmanaged => Constant(new OnnxTensor(name, shape, type, MemoryMarshal.AsBytes<T>(values).ToArray()));

    private string Constant(OnnxTensor tensor)
    {
        var named = tensor with { Name = Name(tensor.Name) };
        model.Initializers.Add(named);
        return named.Name;
    }

    private static string Free(HashSet<string> taken, string wanted)
    {
        var name = wanted;
        for (var number = 2; !taken.Add(name); number++)
            name = $"{wanted}/{number}";
        return name;
    }
}

namespace Sscma.Onnx;

/// <summary>One operator of the graph.</summary>
/// <param name="Op">Operator, e.g. <c>Conv</c>.</param>
/// <param name="Name">Name of the node, for messages.</param>
/// <param name="Inputs">Names of the operands; an empty name is an operand left out.</param>
/// <param name="Outputs">Names of the results.</param>
/// <param name="Attributes">Attributes in the order of the file.</param>
/// <param name="Domain">Operator set; empty for ONNX's own.</param>
public sealed record OnnxNode(
    string Op, string Name, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<OnnxAttribute> Attributes, string Domain = "")
{
    /// <summary>Makes a node with one result from attribute pairs.</summary>
    public static OnnxNode Of(string op, string name, string[] inputs, string output, params (string Name, object Value)[] attributes) =>
        new(op, name, inputs, [output], [.. attributes.Select(pair => new OnnxAttribute(pair.Name, pair.Value))]);

    /// <summary>The whole-number attribute, or the default where it is absent.</summary>
    /// <exception cref="InvalidDataException">The attribute has another type.</exception>
    public long Int(string name, long absent) => Get(name, absent);

    /// <summary>The real-number attribute, or the default where it is absent.</summary>
    /// <exception cref="InvalidDataException">The attribute has another type.</exception>
    public float Float(string name, float absent) => Get(name, absent);

    /// <summary>The text attribute, or the default where it is absent.</summary>
    /// <exception cref="InvalidDataException">The attribute has another type.</exception>
    public string Text(string name, string absent) => Get(name, absent);

    /// <summary>The list of whole numbers, or the default where it is absent.</summary>
    /// <exception cref="InvalidDataException">The attribute has another type.</exception>
    public long[] Ints(string name, params long[] absent) => Get(name, absent);

    /// <summary>Whether the attribute is there.</summary>
    public bool Has(string name) => Attributes.Any(attribute => attribute.Name == name);

    private T Get<T>(string name, T absent)
        where T : notnull
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Name != name)
                continue;
            return attribute.Value is T value
                ? value
                : throw new InvalidDataException($"attribute '{name}' of node '{Name}' ({Op}) is no {typeof(T).Name}");
        }

        return absent;
    }
}

namespace Sscma.Onnx;

/// <summary>An ONNX file as an object: one graph, its constants and what the file says about itself.</summary>
public sealed class OnnxModel
{
    /// <summary>Version of the file format.</summary>
    public long IrVersion { get; init; } = 8;

    /// <summary>Version of ONNX's own operator set.</summary>
    public long Opset { get; init; } = 17;

    /// <summary>Operator sets beside ONNX's own: domain → version.</summary>
    public SortedDictionary<string, long> OtherOpsets { get; } = new(StringComparer.Ordinal);

    /// <summary>Who wrote the file.</summary>
    public string Producer { get; init; } = "Sscma.Build";

    /// <summary>Version of who wrote the file.</summary>
    public string ProducerVersion { get; init; } = "";

    /// <summary>Name of the graph.</summary>
    public string GraphName { get; init; } = "detector";

    /// <summary>Operators; each one after those whose results it uses.</summary>
    public List<OnnxNode> Nodes { get; } = [];

    /// <summary>Constants.</summary>
    public List<OnnxTensor> Initializers { get; } = [];

    /// <summary>Inputs of the graph.</summary>
    public List<OnnxValueInfo> Inputs { get; } = [];

    /// <summary>Outputs of the graph.</summary>
    public List<OnnxValueInfo> Outputs { get; } = [];

    /// <summary>What the file says about intermediate values; may be empty.</summary>
    public List<OnnxValueInfo> Values { get; } = [];

    /// <summary>The file's metadata: key → text. Keys of this project begin with <c>sscma.</c> (see <see cref="OnnxMetadata"/>).</summary>
    public SortedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>A copy of the lists (their items are immutable), so that one can be changed without the other.</summary>
    /// <param name="leastIrVersion">What the copy needs of the format at least.</param>
    public OnnxModel Copy(long leastIrVersion = 0)
    {
        var copy = new OnnxModel { IrVersion = Math.Max(IrVersion, leastIrVersion), Opset = Opset, Producer = Producer, ProducerVersion = ProducerVersion, GraphName = GraphName };
        foreach (var (domain, version) in OtherOpsets)
            copy.OtherOpsets.Add(domain, version);
        copy.Nodes.AddRange(Nodes);
        copy.Initializers.AddRange(Initializers);
        copy.Inputs.AddRange(Inputs);
        copy.Outputs.AddRange(Outputs);
        copy.Values.AddRange(Values);
        foreach (var (key, text) in Metadata)
            copy.Metadata.Add(key, text);
        return copy;
    }
}

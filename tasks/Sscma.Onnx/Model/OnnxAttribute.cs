namespace Sscma.Onnx;

/// <summary>
/// One attribute of a node. <see cref="Value"/> is a float, long, string, <see cref="OnnxTensor"/>, float[], long[] or string[].
/// A kind that this project has no use for (a subgraph, say) reads as <see cref="UnreadAttribute"/>.
/// </summary>
/// <param name="Name">Name of the attribute.</param>
/// <param name="Value">Its value.</param>
public sealed record OnnxAttribute(string Name, object Value);

namespace Sscma.Onnx;

/// <summary>Stands for an attribute of a kind that is not read.</summary>
/// <param name="Kind">Number of the kind in the file format.</param>
public sealed record UnreadAttribute(int Kind);

namespace Sscma.Onnx;

/// <summary>A named input, output or intermediate value.</summary>
/// <param name="Name">Name of the value.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Extent of each axis; -1 where the file leaves it open. Null where the file gives no shape at all.</param>
public sealed record OnnxValueInfo(string Name, OnnxType Type, long[]? Shape);

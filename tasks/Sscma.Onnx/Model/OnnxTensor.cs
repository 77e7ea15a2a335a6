using System.Runtime.InteropServices;

namespace Sscma.Onnx;

/// <summary>A constant: name, shape, element type and raw little-endian, row-major bytes.</summary>
/// <param name="Name">Name of the value; empty inside an attribute.</param>
/// <param name="Shape">Extent of each axis, outermost first; empty for a scalar.</param>
/// <param name="Type">Element type.</param>
/// <param name="Bytes">The elements.</param>
public sealed record OnnxTensor(string Name, long[] Shape, OnnxType Type, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>Makes a float32 constant.</summary>
    public static OnnxTensor From(string name, ReadOnlySpan<float> values, params long[] shape) =>
        new(name, shape, OnnxType.Float, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Makes an int64 constant.</summary>
    public static OnnxTensor From(string name, ReadOnlySpan<long> values, params long[] shape) =>
        new(name, shape, OnnxType.Int64, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The elements of a float32 constant.</summary>
    /// <exception cref="InvalidOperationException">The constant has another type.</exception>
    public float[] Floats() => As<float>(OnnxType.Float);

    /// <summary>The elements of an int64 constant.</summary>
    /// <exception cref="InvalidOperationException">The constant has another type.</exception>
    public long[] Longs() => As<long>(OnnxType.Int64);

    private T[] As<T>(OnnxType type)
        where T : unmanaged =>
        Type == type
            ? MemoryMarshal.Cast<byte, T>(Bytes.Span).ToArray()
            : throw new InvalidOperationException($"constant '{Name}' holds {Type}, not {type}");
}

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
    public float[] Floats() => Values<float>().ToArray();

    /// <summary>The elements of an int64 constant.</summary>
    /// <exception cref="InvalidOperationException">The constant has another type.</exception>
    public long[] Longs() => Values<long>().ToArray();

    /// <summary>The elements without a copy; <typeparamref name="T"/> is float, long or int.</summary>
    /// <exception cref="InvalidOperationException">The constant has another type.</exception>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged
    {
        var held = Type switch { OnnxType.Float => typeof(float), OnnxType.Int64 => typeof(long), OnnxType.Int32 => typeof(int), _ => null };
        return held == typeof(T)
            ? MemoryMarshal.Cast<byte, T>(Bytes.Span)
            : throw new InvalidOperationException($"constant '{Name}' holds {Type}, not {typeof(T).Name}");
    }
}

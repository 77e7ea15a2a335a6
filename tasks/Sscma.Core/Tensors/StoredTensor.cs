using System.Runtime.InteropServices;

namespace Sscma.Tensors;

/// <summary>One tensor of a safetensors file: its type, shape and raw little-endian, row-major bytes.</summary>
/// <param name="Type">The safetensors name: F64, F32, F16, I64, I32, I16, I8, U8, BOOL.</param>
/// <param name="Shape">Extent of each axis, outermost first; empty for a scalar.</param>
/// <param name="Bytes">The elements.</param>
public sealed record StoredTensor(string Type, long[] Shape, byte[] Bytes)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>Makes a float32 tensor.</summary>
    public static StoredTensor From(ReadOnlySpan<float> values, params long[] shape) => new("F32", shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Makes an int64 tensor.</summary>
    public static StoredTensor From(ReadOnlySpan<long> values, params long[] shape) => new("I64", shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Makes a uint8 tensor.</summary>
    public static StoredTensor From(ReadOnlySpan<byte> values, params long[] shape) => new("U8", shape, values.ToArray());

    /// <summary>The elements as <typeparamref name="T"/>, which must be the stored type.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds another type.</exception>
    public ReadOnlySpan<T> As<T>()
        where T : unmanaged
    {
        if (NameOf<T>() != Type)
            throw new InvalidOperationException($"the tensor holds {Type}, not {typeof(T).Name}");
        return MemoryMarshal.Cast<byte, T>(Bytes);
    }

    private static string NameOf<T>() => default(T) switch
    {
        double => "F64",
        float => "F32",
        Half => "F16",
        long => "I64",
        int => "I32",
        short => "I16",
        sbyte => "I8",
        byte => "U8",
        bool => "BOOL",
        _ => typeof(T).Name,
    };
}

using System.Runtime.InteropServices;

namespace Sscma.Tflite;

/// <summary>Elements of a tensor as the real numbers that they stand for: int8, uint8 and int16 codes, float32.</summary>
public readonly struct TensorReals
{
    private readonly TensorType _type;
    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>Looks at elements.</summary>
    /// <param name="tensor">Their description.</param>
    /// <param name="bytes">The raw elements.</param>
    /// <exception cref="ArgumentException">The tensor has another type, or codes without one scale.</exception>
    public TensorReals(TfliteTensor tensor, ReadOnlyMemory<byte> bytes)
    {
        if (!CanRead(tensor))
            throw new ArgumentException($"the tensor '{tensor.Name}' is {tensor.Type}, or its codes have no scale", nameof(tensor));
        (_type, _bytes) = (tensor.Type, bytes);
        (Scale, ZeroPoint) = _type == TensorType.Float32 ? (1, 0) : (tensor.Quantization!.Scales[0], (int)tensor.Quantization.ZeroPoints[0]);
    }

    /// <summary>Real distance of two codes; 1 for floats.</summary>
    public float Scale { get; }

    /// <summary>The code of zero; 0 for floats.</summary>
    public int ZeroPoint { get; }

    /// <summary>The real number at a place.</summary>
    public float this[int index] => _type == TensorType.Float32 ? MemoryMarshal.Cast<byte, float>(_bytes.Span)[index] : (Code(index) - ZeroPoint) * Scale;

    /// <summary>Whether the elements of a tensor can be read so.</summary>
    public static bool CanRead(TfliteTensor tensor) => tensor.Type switch
    {
        TensorType.Float32 => true,
        TensorType.Int8 or TensorType.UInt8 or TensorType.Int16 => tensor.Quantization is { Scales: [> 0 and < float.PositiveInfinity], ZeroPoints: [_] },
        _ => false,
    };

    /// <summary>The code at a place of a tensor that is no float.</summary>
    public int Code(int index) => _type switch
    {
        TensorType.Int8 => (sbyte)_bytes.Span[index],
        TensorType.UInt8 => _bytes.Span[index],
        TensorType.Int16 => MemoryMarshal.Cast<byte, short>(_bytes.Span)[index],
        _ => throw new InvalidOperationException("floats have no codes"),
    };
}

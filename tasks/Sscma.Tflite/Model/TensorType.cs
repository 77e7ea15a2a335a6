namespace Sscma.Tflite;

/// <summary>Element types. The number is the schema's.</summary>
public enum TensorType : sbyte
{
    /// <summary>IEEE single precision.</summary>
    Float32 = 0,

    /// <summary>Signed, 4 bytes.</summary>
    Int32 = 2,

    /// <summary>Unsigned, 1 byte.</summary>
    UInt8 = 3,

    /// <summary>Signed, 8 bytes.</summary>
    Int64 = 4,

    /// <summary>One byte, 0 or 1.</summary>
    Bool = 6,

    /// <summary>Signed, 2 bytes.</summary>
    Int16 = 7,

    /// <summary>Signed, 1 byte.</summary>
    Int8 = 9,
}

/// <summary>Sizes of element types.</summary>
public static class TensorTypes
{
    /// <summary>Bytes of one element; 0 for a type that this library does not know.</summary>
    public static int Size(this TensorType type) => type switch
    {
        TensorType.Int8 or TensorType.UInt8 or TensorType.Bool => 1,
        TensorType.Int16 => 2,
        TensorType.Float32 or TensorType.Int32 => 4,
        TensorType.Int64 => 8,
        _ => 0,
    };
}

namespace Sscma.Tflite;

/// <summary>Element types. The number is the schema's.</summary>
public enum TensorType : sbyte
{
    /// <summary>IEEE single precision.</summary>
    Float32 = 0,

    /// <summary>IEEE half precision: constants that a Dequantize turns into float32.</summary>
    Float16 = 1,

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

namespace Sscma.Tflite;

/// <summary>Sizes of element types.</summary>
public static class TensorTypes
{
    /// <summary>Bytes of one element; 0 for a type that this library does not know.</summary>
    public static int Size(this TensorType type) => type switch
    {
        TensorType.Int8 or TensorType.UInt8 or TensorType.Bool => 1,
        TensorType.Int16 or TensorType.Float16 => 2,
        TensorType.Float32 or TensorType.Int32 => 4,
        TensorType.Int64 => 8,
        _ => 0,
    };
}

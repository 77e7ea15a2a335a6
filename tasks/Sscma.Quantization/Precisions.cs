using Sscma.Tflite;

namespace Sscma.Quantization;

/// <summary>What follows from a precision.</summary>
public static class Precisions
{
    /// <summary>Whether values are codes, whose scales calibration finds.</summary>
    public static bool IsQuantized(this Precision precision) => precision is Precision.Int8 or Precision.Int16x8;

    /// <summary>The name in projects, files and logs.</summary>
    public static string Name(this Precision precision) => precision.ToString().ToLowerInvariant();

    /// <summary>Whether runtimes have HardSwish: none has it for int16.</summary>
    internal static bool HasHardSwish(this Precision precision) => precision != Precision.Int16x8;

    /// <summary>Type of the activations.</summary>
    internal static TensorType Activations(this Precision precision) => precision switch
    {
        Precision.Int8 => TensorType.Int8,
        Precision.Int16x8 => TensorType.Int16,
        _ => TensorType.Float32,
    };
}

namespace Sscma.Quantization;

/// <summary>In which numbers a file computes.</summary>
public enum Precision
{
    /// <summary>int8 weights and activations: what the firmware runs.</summary>
    Int8,

    /// <summary>int8 weights, int16 activations: nearly the float model's results.</summary>
    Int16x8,

    /// <summary>float32 arithmetic with weights stored as float16: half the size.</summary>
    Float16,

    /// <summary>float32 throughout.</summary>
    Float32,
}

namespace Sscma.Tflite;

/// <summary>What an operator applies to its result. The number is the schema's.</summary>
public enum Activation : sbyte
{
    /// <summary>Nothing but the range of the type.</summary>
    None = 0,

    /// <summary>max(0, x).</summary>
    Relu = 1,

    /// <summary>min(1, max(-1, x)).</summary>
    ReluN1To1 = 2,

    /// <summary>min(6, max(0, x)).</summary>
    Relu6 = 3,
}

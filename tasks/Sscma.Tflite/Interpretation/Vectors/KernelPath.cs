namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>By which instructions the products of convolutions are computed. All but <see cref="PlainLite"/> give the same bytes for codes.</summary>
internal enum KernelPath
{
    /// <summary>The best that the machine has.</summary>
    Best,

    /// <summary>No vectors: the definition that the others are tested against.</summary>
    Plain,

    /// <summary>
    /// No vectors, and where TensorFlow Lite 2.9 on x86-64 rounds int8 otherwise than TensorFlow Lite Micro, its rounding of convolutions
    /// and matrix products: for comparing with that library.
    /// </summary>
    PlainLite,

    /// <summary><see cref="PortableUnit128"/>.</summary>
    Portable128,

    /// <summary><see cref="PortableUnit256"/>.</summary>
    Portable256,

    /// <summary><see cref="PortableUnit512"/>.</summary>
    Portable512,

    /// <summary><see cref="ArmDotUnit"/>.</summary>
    ArmDot,

    /// <summary><see cref="Avx2Unit"/>.</summary>
    Avx2,

    /// <summary><see cref="Avx512Unit"/>.</summary>
    Avx512,

    /// <summary><see cref="AvxVnniUnit"/>.</summary>
    AvxVnni,

    /// <summary><see cref="AvxVnniUnit"/> where bytes are multiplied, <see cref="Avx512Unit"/> where words are, and all else with 512 bits.</summary>
    Avx512Vnni,
}

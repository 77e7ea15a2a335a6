namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>By which instructions the products of convolutions are computed. All give the same bytes.</summary>
internal enum KernelPath
{
    /// <summary>The best that the machine has.</summary>
    Best,

    /// <summary>No vectors: the definition that the others are tested against.</summary>
    Plain,

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
}

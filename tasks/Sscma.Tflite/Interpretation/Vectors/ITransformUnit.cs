namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>What Winograd's transforms do to vectors of 16-bit values and of 32-bit sums.</summary>
/// <typeparam name="TValues">The vector of values.</typeparam>
/// <typeparam name="TSums">The vector of sums.</typeparam>
internal unsafe interface ITransformUnit<TValues, TSums>
    where TValues : unmanaged
    where TSums : unmanaged
{
    /// <summary>Values in a vector.</summary>
    static abstract int Values { get; }

    /// <summary>Sums in a vector.</summary>
    static abstract int Sums { get; }

    /// <summary>Codes as values.</summary>
    static abstract TValues Widen(sbyte* codes);

    /// <summary>a + b.</summary>
    static abstract TValues Plus(TValues a, TValues b);

    /// <summary>a - b.</summary>
    static abstract TValues Minus(TValues a, TValues b);

    /// <summary>Values times a power of two.</summary>
    static abstract TValues Left(TValues a, int power);

    /// <summary>a + b; wraps at 32 bits.</summary>
    static abstract TSums Plus(TSums a, TSums b);

    /// <summary>a - b; wraps at 32 bits.</summary>
    static abstract TSums Minus(TSums a, TSums b);

    /// <summary>Sums times a power of two; wraps at 32 bits.</summary>
    static abstract TSums Left(TSums a, int power);

    /// <summary>Sums times a factor, of which 32 bits count, by a power of two.</summary>
    static abstract TSums Scale(TSums a, int factor, int power);
}

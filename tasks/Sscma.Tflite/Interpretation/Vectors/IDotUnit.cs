namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>
/// What one instruction set offers for sums of products: a vector of 32-bit sums, one lane for each output channel. One step adds, in every lane,
/// the products of <see cref="Depth"/> neighbouring input values with as many weights. However deep, a lane's values fill 32 bits, so packed weights,
/// loops and offsets look the same for every unit; only the form of a value differs.
/// </summary>
/// <typeparam name="TVector">The vector of sums.</typeparam>
internal unsafe interface IDotUnit<TVector>
    where TVector : struct
{
    /// <summary>Whether this machine has the instructions.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Sums in a vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>Values of one step: 4 bytes, 2 of 16 bits, or 1 of 32 bits.</summary>
    static abstract int Depth { get; }

    /// <summary>What is added to a code to make it a value: 128 for a unit that multiplies unsigned with signed bytes.</summary>
    static abstract int Offset { get; }

    /// <summary>Reads a vector.</summary>
    static abstract TVector Load(int* from);

    /// <summary>Writes a vector.</summary>
    static abstract void Store(TVector vector, int* to);

    /// <summary>The same step's values for every lane.</summary>
    static abstract TVector Repeat(int* values);

    /// <summary>sums + weights * values, lane by lane; wraps at 32 bits.</summary>
    static abstract TVector Add(TVector sums, TVector weights, TVector values);
}

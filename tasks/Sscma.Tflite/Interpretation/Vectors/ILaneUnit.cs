namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>What one vector size offers for depthwise sums: each lane is a channel, whose values lie side by side in the tensor.</summary>
/// <typeparam name="TVector">The vector of sums.</typeparam>
internal unsafe interface ILaneUnit<TVector>
    where TVector : struct
{
    /// <summary>Sums in a vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>Bytes of a value in the tensor.</summary>
    static abstract int ValueBytes { get; }

    /// <summary>Reads sums or weights.</summary>
    static abstract TVector Load(int* from);

    /// <summary>Writes sums.</summary>
    static abstract void Store(TVector vector, int* to);

    /// <summary>Reads a value for each lane.</summary>
    static abstract TVector LoadValues(byte* from);

    /// <summary>sums + weights * values, lane by lane.</summary>
    static abstract TVector Add(TVector sums, TVector weights, TVector values);
}

using System.Numerics;

namespace Sscma.Training.Network;

/// <summary>bfloat16: the upper two bytes of a float32; rounding goes to the nearest, ties to the even one.</summary>
internal unsafe struct BFloat16Reals : IReals
{
    private const int Dropped = 16;

    /// <inheritdoc/>
    public static (Vector<float> First, Vector<float> Second) Load(void* memory, long index)
    {
        Vector.Widen(Vector.Load((ushort*)memory + index), out var first, out var second);
        return (Vector.AsVectorSingle(first << Dropped), Vector.AsVectorSingle(second << Dropped));
    }

    /// <inheritdoc/>
    public static void Store(void* memory, long index, Vector<float> first, Vector<float> second) =>
        Vector.Narrow(Rounded(first), Rounded(second)).Store((ushort*)memory + index);

    /// <inheritdoc/>
    public static float Get(void* memory, long index) => BitConverter.UInt32BitsToSingle((uint)((ushort*)memory)[index] << Dropped);

    /// <inheritdoc/>
    public static void Set(void* memory, long index, float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        ((ushort*)memory)[index] = (ushort)((bits + 0x7FFF + ((bits >> Dropped) & 1)) >> Dropped);
    }

    // A carry out of the fraction raises the exponent, as it should; what is no number does not occur in a training that goes on.
    private static Vector<uint> Rounded(Vector<float> values)
    {
        var bits = Vector.AsVectorUInt32(values);
        return (bits + new Vector<uint>(0x7FFF) + ((bits >> Dropped) & Vector<uint>.One)) >> Dropped;
    }
}

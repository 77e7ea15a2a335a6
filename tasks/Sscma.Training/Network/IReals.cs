using System.Numerics;

namespace Sscma.Training.Network;

/// <summary>How reals lie in memory; arithmetic is float32 whatever it is.</summary>
internal unsafe interface IReals
{
    /// <summary>Two vectors of consecutive numbers.</summary>
    static abstract (Vector<float> First, Vector<float> Second) Load(void* memory, long index);

    /// <summary>Writes two vectors of consecutive numbers, rounded to the nearest that there is.</summary>
    static abstract void Store(void* memory, long index, Vector<float> first, Vector<float> second);

    /// <summary>One number.</summary>
    static abstract float Get(void* memory, long index);

    /// <summary>Writes one number.</summary>
    static abstract void Set(void* memory, long index, float value);
}

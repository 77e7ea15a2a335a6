using System.Numerics;

namespace Sscma.Training.Augmentation;

/// <summary>
/// Random numbers that are the same on every machine and every version of .NET: SplitMix64 (Steele, Lea, Flood 2014).
/// A source is made from a key (seed, epoch, position, …), so that the numbers of one sample do not depend on which
/// thread asks, or on how many samples were made before it.
/// </summary>
public sealed class RandomSource
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <summary>Makes the source that belongs to a key. Equal keys give equal numbers.</summary>
    public RandomSource(params ReadOnlySpan<long> key)
    {
        foreach (var part in key)
            _state = Mix(_state + Step) ^ BitOperations.RotateLeft(Mix((ulong)part + Step), 17);
    }

    /// <summary>A number in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double Uniform(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>A whole number in [0, <paramref name="count"/>).</summary>
    public int Below(int count) => (int)Math.BigMul(NextBits(), (ulong)count, out _);

    /// <summary>True with the given probability.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>The numbers 0 … count − 1 in random order (Fisher and Yates).</summary>
    public int[] Permutation(int count)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
            order[i] = i;
        for (var i = count - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private ulong NextBits() => Mix(_state += Step);
}

using System.Runtime.InteropServices;

namespace Sscma.Tflite.Tests;

/// <summary>Compares raw tensors.</summary>
internal static class Compare
{
    public static void Exactly(byte[] expected, byte[] actual, string what)
    {
        Assert.HasCount(expected.Length, actual, what);
        var different = Enumerable.Range(0, expected.Length).Count(i => expected[i] != actual[i]);
        var first = Enumerable.Range(0, expected.Length).FirstOrDefault(i => expected[i] != actual[i], -1);
        Assert.AreEqual(0, different, $"{what}: {different} of {expected.Length} bytes differ, the first at {first}");
    }

    /// <summary>Float32 values within a part of the largest expected magnitude.</summary>
    public static void Floats(byte[] expected, byte[] actual, double tolerance, string what)
    {
        Assert.HasCount(expected.Length, actual, what);
        var wanted = MemoryMarshal.Cast<byte, float>(expected);
        var found = MemoryMarshal.Cast<byte, float>(actual);
        var greatest = 0.0;
        foreach (var value in wanted)
            greatest = Math.Max(greatest, Math.Abs(value));
        for (var i = 0; i < wanted.Length; i++)
            Assert.AreEqual(wanted[i], found[i], tolerance * greatest, $"{what}: element {i}");
    }
}

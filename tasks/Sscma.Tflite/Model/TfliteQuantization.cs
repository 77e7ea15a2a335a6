namespace Sscma.Tflite;

/// <summary>real = scale * (code - zero point).</summary>
/// <param name="Scales">One scale for the tensor, or one for each index of <paramref name="Dimension"/>.</param>
/// <param name="ZeroPoints">As many as <paramref name="Scales"/>.</param>
/// <param name="Dimension">The axis of several scales: 0 for convolution weights and biases, 3 for depthwise weights.</param>
public sealed record TfliteQuantization(float[] Scales, long[] ZeroPoints, int Dimension = 0)
{
    /// <summary>One scale and one zero point for the whole tensor.</summary>
    public static TfliteQuantization PerTensor(float scale, long zeroPoint) => new([scale], [zeroPoint]);

    /// <summary>Symmetric codes with a scale for each channel.</summary>
    public static TfliteQuantization PerChannel(float[] scales, int dimension) => new(scales, new long[scales.Length], dimension);
}

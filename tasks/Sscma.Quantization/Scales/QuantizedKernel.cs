using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Scales;

/// <summary>A convolution's constants in codes.</summary>
/// <param name="Weights">One row for each output channel, -127 to 127.</param>
/// <param name="Scales">Real distance of two weight codes, for each output channel.</param>
/// <param name="Bias">For each output channel, in steps of input scale × weight scale.</param>
internal sealed record QuantizedKernel(sbyte[][] Weights, float[] Scales, long[] Bias)
{
    /// <summary>
    /// Bound of the bias. The sum over the window adds at most 255 · 127 · taps; with up to 33 000 taps both together stay below 2^31.
    /// </summary>
    private const double BiasLimit = 1 << 30;

    /// <summary>
    /// The same with 16-bit inputs: their sum is at most 2^15 · 127 · taps, below 2^38 with 33 000 taps, and runtimes rescale sums below 2^47.
    /// </summary>
    private const double BiasLimitOfInt16 = 1L << 45;

    /// <summary>
    /// Smallest output step per sum step that is kept: a channel with weights near zero would otherwise get a multiplier
    /// that fixed point rounds to nothing.
    /// </summary>
    private static readonly double SmallestMultiplier = Math.Pow(2, -26);

    /// <summary>
    /// Runtimes multiply the 64-bit sums of 16-bit inputs by less than 2^7. A weight that would need more saturates: a single input step moves the
    /// output by 2^14 steps then.
    /// </summary>
    private const double LargestMultiplierOfInt16 = 127;

    /// <summary>Weights and bias of a file that stores codes went through floats: so much may be missing to its scale.</summary>
    private const float RoundingOfGiven = 1e-5f;

    /// <summary>Quantizes symmetrically, each output channel by itself.</summary>
    /// <param name="layer">The float convolution.</param>
    /// <param name="input">Codes of its input.</param>
    /// <param name="output">Codes of its output.</param>
    /// <param name="inputMeans">
    /// Mean of each input channel: rounding the weights shifts the mean of the output by what is known then, and the bias takes it back. Null leaves it.
    /// </param>
    public static QuantizedKernel Of(ConvLayer layer, Codes input, Codes output, float[]? inputMeans)
    {
        var channels = layer.Kernel.Length;
        var quantized = new QuantizedKernel(new sbyte[channels][], new float[channels], new long[channels]);
        for (var channel = 0; channel < channels; channel++)
        {
            var row = layer.Kernel[channel];
            double bias = layer.Bias[channel];
            var scale = ScaleOf(Largest(row), bias, input, output, layer.GivenScales?[channel] ?? 0);
            var codes = Array.ConvertAll(row, weight => (sbyte)Math.Clamp(Math.Round(weight / scale, MidpointRounding.AwayFromZero), -127, 127));
            if (inputMeans is not null)
                bias -= MeanShift(layer, channel, codes, scale, inputMeans);
            quantized.Weights[channel] = codes;
            quantized.Scales[channel] = scale;
            quantized.Bias[channel] = BiasOf(bias, scale, input);
        }

        return quantized;
    }

    /// <summary>The bias in steps of input scale × weight scale.</summary>
    public static long BiasOf(double bias, float scale, Codes input)
    {
        var limit = LimitOf(input);
        return (long)Math.Clamp(Math.Round(bias / ((double)input.Scale * scale), MidpointRounding.AwayFromZero), -limit, limit);
    }

    /// <summary>The real distance of two weight codes of an output channel.</summary>
    /// <param name="largest">Greatest magnitude of the channel's weights.</param>
    /// <param name="bias">Its bias.</param>
    /// <param name="input">Codes of the convolution's input.</param>
    /// <param name="output">Codes of its output.</param>
    /// <param name="given">What the ONNX file says; 0 where it says nothing.</param>
    public static float ScaleOf(float largest, double bias, Codes input, Codes output, float given)
    {
        var forBias = Math.Abs(bias) / (LimitOf(input) / 2) / input.Scale;
        var forMultiplier = SmallestMultiplier * output.Scale / input.Scale;
        var scale = Math.Max(largest / 127.0, Math.Max(forBias, forMultiplier));
        if (given * (1 + RoundingOfGiven) >= scale)
            return given;
        if (input.Type == TensorType.Int16)
            return (float)Math.Min(scale, LargestMultiplierOfInt16 * output.Scale / input.Scale);
        return SteadySteps.Below(output.Scale / ((double)input.Scale * scale)) is { } units
            ? SteadySteps.Up(output.Scale * (1 + SteadySteps.Trifle) / ((double)input.Scale * units))
            : (float)scale;
    }

    /// <summary>Greatest magnitude of some weights.</summary>
    public static float Largest(float[] row)
    {
        var largest = 0f;
        foreach (var weight in row)
            largest = Math.Max(largest, Math.Abs(weight));
        return largest;
    }

    private static double LimitOf(Codes input) => input.Type == TensorType.Int16 ? BiasLimitOfInt16 : BiasLimit;

    /// <summary>Mean of the output less the mean that the unrounded weights would give; the border is neglected.</summary>
    private static double MeanShift(ConvLayer layer, int channel, sbyte[] codes, float scale, float[] inputMeans)
    {
        var row = layer.Kernel[channel];
        var group = channel / Math.Max(1, layer.Kernel.Length / inputMeans.Length);
        var shift = 0.0;
        for (var tap = 0; tap < row.Length; tap++)
        {
            var mean = layer.Depthwise ? inputMeans[group] : inputMeans[tap % inputMeans.Length];
            shift += ((codes[tap] * (double)scale) - row[tap]) * mean;
        }

        return shift;
    }
}

using Sscma.Tflite;

namespace Sscma.Quantization.Graph;

/// <summary>A 2-D convolution, over all channels or each channel by itself.</summary>
internal sealed record ConvLayer(string Name, Value Input, Value Output, Activation Activation = Activation.None)
    : ActivatedLayer(Name, [Input], Output, Activation)
{
    /// <summary>One row for each output channel: (kernel height, kernel width, input depth); the depth is 1 when depthwise.</summary>
    public required float[][] Kernel { get; init; }

    /// <summary>One for each output channel.</summary>
    public required float[] Bias { get; init; }

    public int KernelHeight { get; init; } = 1;

    public int KernelWidth { get; init; } = 1;

    public int StrideHeight { get; init; } = 1;

    public int StrideWidth { get; init; } = 1;

    public int DilationHeight { get; init; } = 1;

    public int DilationWidth { get; init; } = 1;

    public Padding Padding { get; init; } = Padding.Valid;

    public bool Depthwise { get; init; }

    /// <summary>
    /// The result is cut to exactly this range. No operator is needed for it: codes that span this range
    /// and no more saturate at its ends, in every runtime.
    /// </summary>
    public ValueRange? Saturation { get; init; }

    /// <summary>Real distance of two weight codes, for each output channel, as the ONNX file gives it; null or 0 where it says nothing.</summary>
    public float[]? GivenScales { get; init; }

    public override long Macs => (long)Output.Height * Output.Width * Kernel.Length * Kernel[0].Length;

    /// <summary>The convolution followed by y ← scale·y + offset of each channel.</summary>
    public ConvLayer Then(ReadOnlySpan<float> scale, ReadOnlySpan<float> offset, Value output)
    {
        var kernel = new float[Kernel.Length][];
        var bias = new float[Kernel.Length];
        for (var channel = 0; channel < kernel.Length; channel++)
        {
            var factor = scale[channel];
            kernel[channel] = Array.ConvertAll(Kernel[channel], weight => weight * factor);
            bias[channel] = (Bias[channel] * factor) + offset[channel];
        }

        return this with { Kernel = kernel, Bias = bias, GivenScales = scale.ContainsAnyExcept(1) ? null : GivenScales, Output = output };
    }

    /// <summary>y = scale·x + offset of each channel, as a 1x1 depthwise convolution.</summary>
    public static ConvLayer PerChannel(string name, Value input, Value output, ReadOnlySpan<float> scale, ReadOnlySpan<float> offset)
    {
        var kernel = new float[scale.Length][];
        for (var channel = 0; channel < kernel.Length; channel++)
            kernel[channel] = [scale[channel]];
        return new ConvLayer(name, input, output) { Kernel = kernel, Bias = offset.ToArray(), Depthwise = true };
    }
}

using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Emission;

/// <summary>How the numbers of a network are written: as codes or as floats.</summary>
internal abstract class Encoding
{
    /// <summary>Type and quantization of an activation.</summary>
    public abstract (TensorType Type, TfliteQuantization? Quantization) Of(Value value);

    /// <summary>Reals as elements of a value's tensor; negative infinity is the lowest there is.</summary>
    public abstract byte[] Elements(Value value, float[] reals);

    /// <summary>Adds the constants of a convolution; returns the tensors of its weights, in TFLite's order, and its bias.</summary>
    public abstract (int Weights, int Bias) Constants(TfliteBuilder builder, ConvLayer layer);

    /// <summary>Whether codes cut a convolution's result to its saturation range; else operators must.</summary>
    public abstract bool Saturates { get; }

    /// <summary>The activation that cuts a result to a saturation range as far as the codes do not.</summary>
    public abstract Activation ActivationOf(ConvLayer layer);

    /// <summary>Shape of a convolution's weights in TFLite.</summary>
    protected static int[] ShapeOf(ConvLayer layer)
    {
        var channels = layer.Kernel.Length;
        var depth = layer.Kernel[0].Length / (layer.KernelHeight * layer.KernelWidth);
        return layer.Depthwise ? [1, layer.KernelHeight, layer.KernelWidth, channels] : [channels, layer.KernelHeight, layer.KernelWidth, depth];
    }

    /// <summary>The rows in TFLite's order: depthwise weights have the channel last.</summary>
    protected static T[] InOrder<T>(ConvLayer layer, T[][] rows)
    {
        if (!layer.Depthwise)
            return [.. rows.SelectMany(row => row)];
        var data = new T[rows.Length * rows[0].Length];
        for (var channel = 0; channel < rows.Length; channel++)
        {
            for (var tap = 0; tap < rows[channel].Length; tap++)
                data[(tap * rows.Length) + channel] = rows[channel][tap];
        }

        return data;
    }
}

using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Emission;

/// <summary>How the numbers of a network are written as ONNX. Values are (1, C, H, W) there.</summary>
internal abstract class OnnxEncoding
{
    /// <summary>The operator set, and the version of the format that has it.</summary>
    public abstract (long Opset, long IrVersion) Version { get; }

    /// <summary>What the layers read of the network's input.</summary>
    public abstract string Input(OnnxBuilder builder, Value input, string name);

    /// <summary>Writes a result.</summary>
    /// <param name="builder">Where it is written.</param>
    /// <param name="value">The value.</param>
    /// <param name="output">The name that it must have as an output of the file; null if it is none.</param>
    /// <param name="write">Adds the nodes that compute it; takes the name of their result.</param>
    /// <returns>What later layers read.</returns>
    public abstract string Result(OnnxBuilder builder, Value value, string? output, Action<string> write);

    /// <summary>The same reals in codes of another scale; returns what later layers read.</summary>
    public abstract string Again(OnnxBuilder builder, Value value, string real);

    /// <summary>Adds a value that is the same for every image; returns what layers read.</summary>
    /// <param name="builder">Where it is written.</param>
    /// <param name="value">The value.</param>
    /// <param name="data">Its reals as (C, H, W).</param>
    public abstract string Constant(OnnxBuilder builder, Value value, float[] data);

    /// <summary>Adds the constants of a convolution; returns what it reads: weights (O, I, height, width) and bias.</summary>
    public abstract (string Weights, string Bias) Constants(OnnxBuilder builder, ConvLayer layer);

    /// <summary>The lowest real of a value, which no maximum keeps.</summary>
    public abstract float Lowest(Value value);

    /// <summary>Shape of a convolution's weights in ONNX.</summary>
    protected static long[] ShapeOf(ConvLayer layer)
    {
        var taps = layer.KernelHeight * layer.KernelWidth;
        return [layer.Kernel.Length, layer.Kernel[0].Length / taps, layer.KernelHeight, layer.KernelWidth];
    }

    /// <summary>Rows of (taps, I) → (O, I, taps).</summary>
    protected static T[] InOrder<T>(ConvLayer layer, T[][] rows)
    {
        var taps = layer.KernelHeight * layer.KernelWidth;
        var depth = rows[0].Length / taps;
        var data = new T[rows.Length * rows[0].Length];
        for (var row = 0; row < rows.Length; row++)
        {
            for (var at = 0; at < rows[row].Length; at++)
                data[(((row * depth) + (at % depth)) * taps) + (at / depth)] = rows[row][at];
        }

        return data;
    }

    protected static long[] Nchw(Value value) => [1, value.Channels, value.Height, value.Width];
}

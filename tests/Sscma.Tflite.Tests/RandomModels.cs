using System.Runtime.InteropServices;

namespace Sscma.Tflite.Tests;

/// <summary>Models of one convolution with random shape, weights and quantization.</summary>
/// <param name="seed">Decides all of it.</param>
/// <param name="type">Type of input and output: Int8, Int16 or Float32.</param>
internal sealed class RandomModels(int seed, TensorType type = TensorType.Int8)
{
    private readonly Random _random = new(seed);

    public TfliteModel Conv() => Convolution(depthwise: false);

    /// <summary>3x3, stride 1, of many channels over many positions.</summary>
    public TfliteModel SquareConv()
    {
        var padding = _random.Next(2) == 0 ? Padding.Same : Padding.Valid;
        return Convolution(depthwise: false, (3, 3), (1, 1), (1, 1), padding, _random.Next(1, 3), (_random.Next(14, 27), _random.Next(14, 27)), _random.Next(20, 90), _random.Next(1, 50));
    }

    public TfliteModel DepthwiseConv() => Convolution(depthwise: true);

    public TfliteModel FullyConnected()
    {
        var (vectors, inputs, outputs) = (_random.Next(1, 20), _random.Next(1, 100), _random.Next(1, 70));
        var (inputScale, weightScale) = (InputScale(inputs), Scale(0.01f));
        return new TfliteModel
        {
            Tensors =
            [
                Activations("input", [vectors, inputs], inputScale),
                Weights([outputs, inputs], TfliteQuantization.PerTensor(weightScale, 0)),
                Bias(outputs, TfliteQuantization.PerTensor(weightScale * inputScale, 0)),
                Activations("output", [vectors, outputs], OutputScale()),
            ],
            Operators = [new(BuiltinOperator.FullyConnected, [0, 1, 2], [3], new FullyConnectedOptions((Activation)_random.Next(4)))],
            Inputs = [0],
            Outputs = [3],
        };
    }

    /// <summary>Random raw elements for each input of a model.</summary>
    public byte[][] Inputs(TfliteModel model) => [.. model.Inputs.Select(input => type == TensorType.Float32 ? Floats((int)model.Tensors[input].Count) : Bytes((int)model.Tensors[input].Count * type.Size()))];

    private TfliteModel Convolution(bool depthwise)
    {
        var (kernelY, kernelX) = (_random.Next(1, 6), _random.Next(1, 6));
        var (dilationY, dilationX) = (_random.Next(1, 3), _random.Next(1, 3));
        var (strideY, strideX) = (_random.Next(1, 4), _random.Next(1, 4));
        var padding = _random.Next(2) == 0 ? Padding.Same : Padding.Valid;
        var (spanY, spanX) = (((kernelY - 1) * dilationY) + 1, ((kernelX - 1) * dilationX) + 1);
        var (height, width) = (_random.Next(spanY, spanY + 15), _random.Next(spanX, spanX + 15));
        if (padding == Padding.Same && _random.Next(3) == 0)
            (height, width) = (_random.Next(1, spanY + 1), _random.Next(1, spanX + 1));
        var batches = _random.Next(1, 3);
        var inputs = _random.Next(8) == 0 ? _random.Next(2, 7) * 32 : _random.Next(1, 41);
        var outputs = depthwise ? inputs : _random.Next(1, 41);
        return Convolution(depthwise, (kernelY, kernelX), (strideY, strideX), (dilationY, dilationX), padding, batches, (height, width), inputs, outputs);
    }

    private TfliteModel Convolution(
        bool depthwise, (int Y, int X) kernel, (int Y, int X) stride, (int Y, int X) dilation, Padding padding, int batches, (int Y, int X) size, int inputs, int outputs)
    {
        var ((kernelY, kernelX), (strideY, strideX), (dilationY, dilationX), (height, width)) = (kernel, stride, dilation, size);
        var (spanY, spanX) = (((kernelY - 1) * dilationY) + 1, ((kernelX - 1) * dilationX) + 1);
        var (outputY, outputX) = (Outputs(height, spanY, strideY, padding), Outputs(width, spanX, strideX, padding));

        var inputScale = InputScale(depthwise ? kernelY * kernelX : kernelY * kernelX * inputs);
        var weightScales = Enumerable.Range(0, outputs).Select(_ => Scale(0.01f)).ToArray();
        int[] weightShape = depthwise ? [1, kernelY, kernelX, outputs] : [outputs, kernelY, kernelX, inputs];
        var activation = (Activation)_random.Next(4);
        OperatorOptions options = depthwise
            ? new DepthwiseConvOptions(padding, strideX, strideY, 1, activation, dilationX, dilationY)
            : new ConvOptions(padding, strideX, strideY, activation, dilationX, dilationY);
        return new TfliteModel
        {
            Tensors =
            [
                Activations("input", [batches, height, width, inputs], inputScale),
                Weights(weightShape, TfliteQuantization.PerChannel(weightScales, depthwise ? 3 : 0)),
                Bias(outputs, TfliteQuantization.PerChannel([.. weightScales.Select(scale => scale * inputScale)], 0)),
                Activations("output", [batches, outputY, outputX, outputs], OutputScale()),
            ],
            Operators = [new(depthwise ? BuiltinOperator.DepthwiseConv2D : BuiltinOperator.Conv2D, [0, 1, 2], [3], options)],
            Inputs = [0],
            Outputs = [3],
        };
    }

    private TfliteTensor Activations(string name, int[] shape, float scale) => type == TensorType.Float32
        ? new(name, shape, type)
        : new(name, shape, type, null, TfliteQuantization.PerTensor(scale, type == TensorType.Int16 ? 0 : _random.Next(-128, 128)));

    private TfliteTensor Weights(int[] shape, TfliteQuantization quantization)
    {
        var count = shape.Aggregate(1, (product, extent) => product * extent);
        return type == TensorType.Float32 ? new("weights", shape, type, Floats(count)) : new("weights", shape, TensorType.Int8, Bytes(count), quantization);
    }

    private TfliteTensor Bias(int count, TfliteQuantization quantization)
    {
        if (type == TensorType.Float32)
            return new("bias", [count], type, Floats(count));
        var bias = Enumerable.Range(0, count).Select(_ => _random.Next(-20000, 20000)).ToArray();
        return type == TensorType.Int16
            ? new("bias", [count], TensorType.Int64, MemoryMarshal.AsBytes<long>(Array.ConvertAll(bias, value => value * 1000L)).ToArray(), quantization)
            : new("bias", [count], TensorType.Int32, MemoryMarshal.AsBytes<int>(bias).ToArray(), quantization);
    }

    // Sums of 16-bit codes are so large that only a scale that fits them gives outputs that say something.
    private float InputScale(int taps) => Scale(type == TensorType.Int16 ? 1e-4f / MathF.Sqrt(taps) : 0.02f);

    private float OutputScale() => Scale(type == TensorType.Int16 ? 2e-4f : 0.05f);

    // Over six powers of two, so that shifts in both directions occur.
    private float Scale(float middle) => middle * MathF.Pow(2, (_random.NextSingle() * 6) - 3);

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private byte[] Floats(int count) => MemoryMarshal.AsBytes<float>(Enumerable.Range(0, count).Select(_ => (_random.NextSingle() * 2) - 1).ToArray()).ToArray();

    private static int Outputs(int input, int span, int stride, Padding padding) =>
        padding == Padding.Same ? (input + stride - 1) / stride : ((input - span) / stride) + 1;
}

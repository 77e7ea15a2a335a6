using System.Runtime.InteropServices;

namespace Sscma.Tflite.Tests;

/// <summary>Models of one convolution with random shape, weights and quantization.</summary>
internal sealed class RandomModels(int seed)
{
    private readonly Random _random = new(seed);

    public TfliteModel Conv() => Convolution(depthwise: false);

    public TfliteModel DepthwiseConv() => Convolution(depthwise: true);

    public TfliteModel FullyConnected()
    {
        var (vectors, inputs, outputs) = (_random.Next(1, 20), _random.Next(1, 100), _random.Next(1, 70));
        var (inputScale, weightScale) = (Scale(0.02f), Scale(0.01f));
        var bias = Enumerable.Range(0, outputs).Select(_ => _random.Next(-20000, 20000)).ToArray();
        return new TfliteModel
        {
            Tensors =
            [
                new("input", [vectors, inputs], TensorType.Int8, null, TfliteQuantization.PerTensor(inputScale, _random.Next(-128, 128))),
                new("weights", [outputs, inputs], TensorType.Int8, Bytes(outputs * inputs), TfliteQuantization.PerTensor(weightScale, 0)),
                new("bias", [outputs], TensorType.Int32, MemoryMarshal.AsBytes<int>(bias).ToArray(), TfliteQuantization.PerTensor(weightScale * inputScale, 0)),
                new("output", [vectors, outputs], TensorType.Int8, null, TfliteQuantization.PerTensor(Scale(0.05f), _random.Next(-128, 128))),
            ],
            Operators = [new(BuiltinOperator.FullyConnected, [0, 1, 2], [3], new FullyConnectedOptions((Activation)_random.Next(4)))],
            Inputs = [0],
            Outputs = [3],
        };
    }

    /// <summary>Random raw elements for each input of a model.</summary>
    public byte[][] Inputs(TfliteModel model) => [.. model.Inputs.Select(input => Bytes((int)model.Tensors[input].Count * model.Tensors[input].Type.Size()))];

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
        var (outputY, outputX) = (Outputs(height, spanY, strideY, padding), Outputs(width, spanX, strideX, padding));

        var inputScale = Scale(0.02f);
        var weightScales = Enumerable.Range(0, outputs).Select(_ => Scale(0.01f)).ToArray();
        int[] weightShape = depthwise ? [1, kernelY, kernelX, outputs] : [outputs, kernelY, kernelX, inputs];
        var weights = Bytes(weightShape.Aggregate(1, (product, extent) => product * extent));
        var bias = Enumerable.Range(0, outputs).Select(_ => _random.Next(-20000, 20000)).ToArray();
        var activation = (Activation)_random.Next(4);
        OperatorOptions options = depthwise
            ? new DepthwiseConvOptions(padding, strideX, strideY, 1, activation, dilationX, dilationY)
            : new ConvOptions(padding, strideX, strideY, activation, dilationX, dilationY);
        return new TfliteModel
        {
            Tensors =
            [
                new("input", [batches, height, width, inputs], TensorType.Int8, null, TfliteQuantization.PerTensor(inputScale, _random.Next(-128, 128))),
                new("weights", weightShape, TensorType.Int8, weights, TfliteQuantization.PerChannel(weightScales, depthwise ? 3 : 0)),
                new("bias", [outputs], TensorType.Int32, MemoryMarshal.AsBytes<int>(bias).ToArray(), TfliteQuantization.PerChannel([.. weightScales.Select(scale => scale * inputScale)], 0)),
                new("output", [batches, outputY, outputX, outputs], TensorType.Int8, null, TfliteQuantization.PerTensor(Scale(0.05f), _random.Next(-128, 128))),
            ],
            Operators = [new(depthwise ? BuiltinOperator.DepthwiseConv2D : BuiltinOperator.Conv2D, [0, 1, 2], [3], options)],
            Inputs = [0],
            Outputs = [3],
        };
    }

    // Over six powers of two, so that shifts in both directions occur.
    private float Scale(float middle) => middle * MathF.Pow(2, (_random.NextSingle() * 6) - 3);

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private static int Outputs(int input, int span, int stride, Padding padding) =>
        padding == Padding.Same ? (input + stride - 1) / stride : ((input - span) / stride) + 1;
}

using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Emission;

/// <summary>Writes each layer of a network as one TFLite operator.</summary>
internal sealed class LayerEmitter
{
    private readonly TfliteBuilder _builder = new();
    private readonly Encoding _encoding;

    private LayerEmitter(Encoding encoding) => _encoding = encoding;

    /// <summary>The whole network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="encoding">How its numbers are written.</param>
    /// <param name="description">The file's description.</param>
    /// <returns>The model, and where each value lies among its tensors.</returns>
    public static (TfliteModel Model, IReadOnlyDictionary<Value, int> Places) Emit(Network network, Encoding encoding, string description)
    {
        var emitter = new LayerEmitter(encoding);
        emitter.Activation(network.Input);
        foreach (var layer in network.Layers)
            emitter.Emit(layer);
        return (emitter._builder.Build(network.Input, network.Outputs, description), emitter._builder.Places);
    }

    private void Emit(Layer layer)
    {
        switch (layer)
        {
            case ConvLayer conv:
                Conv(conv);
                break;
            case AddLayer add:
                Plain(layer, BuiltinOperator.Add, new AddOptions(add.Activation, PotScaleInt16: _encoding.Of(layer.Output).Type != TensorType.Int16));
                break;
            case MulLayer mul:
                Plain(layer, BuiltinOperator.Mul, new MulOptions(mul.Activation));
                break;
            case ConcatLayer:
                Plain(layer, BuiltinOperator.Concatenation, new ConcatenationOptions(3));
                break;
            case MaxPoolLayer pool:
                Plain(layer, BuiltinOperator.MaxPool2D, new PoolOptions(pool.Padding, pool.StrideWidth, pool.StrideHeight, pool.KernelWidth, pool.KernelHeight));
                break;
            case ResizeLayer:
                WithConstant(layer, BuiltinOperator.ResizeNearestNeighbor, "size", [2], [layer.Output.Height, layer.Output.Width], new ResizeNearestOptions());
                break;
            case PadLayer { Pads: var pads }:
                WithConstant(layer, BuiltinOperator.Pad, "pads", [4, 2], [0, 0, pads.Top, pads.Bottom, pads.Left, pads.Right, 0, 0], null);
                break;
            case MeanLayer:
                WithConstant(layer, BuiltinOperator.Mean, "axes", [2], [1, 2], new ReducerOptions(KeepDimensions: true));
                break;
            case ReshapeLayer:
                WithConstant(layer, BuiltinOperator.Reshape, "shape", [layer.Output.Shape.Length], layer.Output.Shape, new ReshapeOptions(layer.Output.Shape));
                break;
            case SigmoidLayer:
                Plain(layer, BuiltinOperator.Logistic, null);
                break;
            case RequantizeLayer:
                Plain(layer, BuiltinOperator.Quantize, null);
                break;
            default:
                throw new InvalidOperationException($"no TFLite operator for the layer {layer.GetType().Name}");
        }
    }

    private void Plain(Layer layer, BuiltinOperator code, OperatorOptions? options) =>
        _builder.Operator(code, [.. layer.Inputs.Select(input => _builder.Places[input])], Result(layer), options);

    private void WithConstant(Layer layer, BuiltinOperator code, string suffix, int[] shape, int[] data, OperatorOptions? options)
    {
        var constant = _builder.Int32($"{layer.Output.Name}/{suffix}", shape, data);
        _builder.Operator(code, [_builder.Places[layer.Inputs[0]], constant], Result(layer), options);
    }

    private void Conv(ConvLayer layer)
    {
        var (weights, bias) = _encoding.Constants(_builder, layer);
        var activation = _encoding.ActivationOf(layer);
        var cut = layer.Saturation is not null && !_encoding.Saturates;
        var result = cut ? _builder.Computed($"{layer.Output.Name}/uncut", layer.Output.Shape, TensorType.Float32) : Result(layer);
        _builder.Operator(
            layer.Depthwise ? BuiltinOperator.DepthwiseConv2D : BuiltinOperator.Conv2D,
            [_builder.Places[layer.Input], weights, bias],
            result,
            layer.Depthwise
                ? new DepthwiseConvOptions(layer.Padding, layer.StrideWidth, layer.StrideHeight, layer.Kernel.Length / layer.Input.Channels, activation, layer.DilationWidth, layer.DilationHeight)
                : new ConvOptions(layer.Padding, layer.StrideWidth, layer.StrideHeight, activation, layer.DilationWidth, layer.DilationHeight));
        if (cut)
            _builder.Operator(BuiltinOperator.Relu, [result], Result(layer));
    }

    private int Result(Layer layer) => Activation(layer.Output);

    private int Activation(Value value)
    {
        var (type, quantization) = _encoding.Of(value);
        return _builder.Activation(value, type, quantization);
    }
}

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
            case SubLayer sub:
                Plain(layer, BuiltinOperator.Sub, new SubOptions(sub.Activation, PotScaleInt16: _encoding.Of(layer.Output).Type != TensorType.Int16));
                break;
            case MulLayer mul:
                Plain(layer, BuiltinOperator.Mul, new MulOptions(mul.Activation));
                break;
            case ConcatLayer concat:
                Plain(layer, BuiltinOperator.Concatenation, new ConcatenationOptions(concat.Axis));
                break;
            case MaxPoolLayer pool:
                Plain(layer, BuiltinOperator.MaxPool2D, new PoolOptions(pool.Padding, pool.StrideWidth, pool.StrideHeight, pool.KernelWidth, pool.KernelHeight));
                break;
            case AveragePoolLayer pool:
                Plain(layer, BuiltinOperator.AveragePool2D, new PoolOptions(pool.Padding, pool.StrideWidth, pool.StrideHeight, pool.KernelWidth, pool.KernelHeight));
                break;
            case ResizeLayer { Kind: var kind }:
                WithConstant(
                    layer, kind.Bilinear ? BuiltinOperator.ResizeBilinear : BuiltinOperator.ResizeNearestNeighbor, "size", [2], [layer.Output.Height, layer.Output.Width],
                    kind.Bilinear ? new ResizeBilinearOptions(kind.AlignCorners, kind.HalfPixelCenters) : new ResizeNearestOptions(kind.AlignCorners, kind.HalfPixelCenters));
                break;
            case PadLayer pad:
                Pad(pad);
                break;
            case SliceLayer slice:
                Slice(slice);
                break;
            case TransposeLayer { Axes: var axes }:
                WithConstant(layer, BuiltinOperator.Transpose, "axes", [axes.Length], axes, null);
                break;
            case ConstantLayer constant:
                _builder.Activation(constant.Output, _encoding.Of(constant.Output).Type, _encoding.Of(constant.Output).Quantization, _encoding.Elements(constant.Output, constant.Data));
                break;
            case MeanLayer { Axes: var axes }:
                WithConstant(layer, BuiltinOperator.Mean, "axes", [axes.Length], axes, new ReducerOptions(KeepDimensions: true));
                break;
            case ReshapeLayer:
                WithConstant(layer, BuiltinOperator.Reshape, "shape", [layer.Output.Shape.Length], layer.Output.Shape, new ReshapeOptions(layer.Output.Shape));
                break;
            case SigmoidLayer:
                Plain(layer, BuiltinOperator.Logistic, null);
                break;
            case TanhLayer:
                Plain(layer, BuiltinOperator.Tanh, null);
                break;
            case SoftmaxLayer:
                Plain(layer, BuiltinOperator.Softmax, new SoftmaxOptions());
                break;
            case HardSwishLayer:
                Plain(layer, BuiltinOperator.HardSwish, null);
                break;
            case LeakyReluLayer leaky:
                Plain(layer, BuiltinOperator.LeakyRelu, new LeakyReluOptions(leaky.Slope));
                break;
            case RequantizeLayer again when _encoding.Of(again.Output).Quantization is null:
                _builder.Same(again.Output, again.Input);
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

    private void Pad(PadLayer layer)
    {
        var pads = layer.Pads;
        var rows = _builder.Int32($"{layer.Output.Name}/pads", [4, 2], [0, 0, pads.Top, pads.Bottom, pads.Left, pads.Right, 0, 0]);
        var input = _builder.Places[layer.Input];
        if (layer.Fill == 0)
        {
            _builder.Operator(BuiltinOperator.Pad, [input, rows], Result(layer));
            return;
        }

        var (type, quantization) = _encoding.Of(layer.Input);
        var fill = _builder.Constant($"{layer.Output.Name}/fill", [1], type, quantization, _encoding.Elements(layer.Input, [layer.Fill]));
        _builder.Operator(BuiltinOperator.PadV2, [input, rows, fill], Result(layer));
    }

    private void Slice(SliceLayer layer)
    {
        var (input, shape) = (_builder.Places[layer.Input], layer.Output.Shape);
        var begins = _builder.Int32($"{layer.Output.Name}/begins", [shape.Length], layer.Begins);
        if (layer.Steps.All(step => step == 1))
        {
            var sizes = _builder.Int32($"{layer.Output.Name}/sizes", [shape.Length], shape);
            _builder.Operator(BuiltinOperator.Slice, [input, begins, sizes], Result(layer));
            return;
        }

        var last = layer.Begins.Select((begin, axis) => begin + ((shape[axis] - 1) * layer.Steps[axis]) + 1);
        var ends = _builder.Int32($"{layer.Output.Name}/ends", [shape.Length], [.. last]);
        var steps = _builder.Int32($"{layer.Output.Name}/steps", [shape.Length], layer.Steps);
        _builder.Operator(BuiltinOperator.StridedSlice, [input, begins, ends, steps], Result(layer), new StridedSliceOptions());
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

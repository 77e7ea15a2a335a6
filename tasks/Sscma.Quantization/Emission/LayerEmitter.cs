using Sscma.Quantization.Graph;
using Sscma.Quantization.Scales;
using Sscma.Tflite;

namespace Sscma.Quantization.Emission;

/// <summary>Writes each layer of a planned network as one TFLite operator.</summary>
internal sealed class LayerEmitter
{
    private readonly TfliteBuilder _builder = new();
    private readonly ScalePlan _plan;
    private readonly IReadOnlyDictionary<Value, float[]> _means;

    private LayerEmitter(ScalePlan plan, IReadOnlyDictionary<Value, float[]> means) => (_plan, _means) = (plan, means);

    /// <summary>The whole network.</summary>
    /// <param name="plan">The network and the codes of its values.</param>
    /// <param name="means">Channel means of the values that were watched; empty to leave the biases as they are.</param>
    /// <param name="description">The file's description.</param>
    /// <returns>The model, and where each value lies among its tensors.</returns>
    public static (TfliteModel Model, IReadOnlyDictionary<Value, int> Places) Emit(ScalePlan plan, IReadOnlyDictionary<Value, float[]> means, string description)
    {
        var emitter = new LayerEmitter(plan, means);
        emitter._builder.Activation(plan.Network.Input, plan.Codes[plan.Network.Input]);
        foreach (var layer in plan.Network.Layers)
            emitter.Emit(layer);
        return (emitter._builder.Build(plan.Network.Input, plan.Network.Outputs, description), emitter._builder.Places);
    }

    private void Emit(Layer layer)
    {
        switch (layer)
        {
            case ConvLayer conv:
                Conv(conv);
                break;
            case AddLayer add:
                Plain(layer, BuiltinOperator.Add, new AddOptions(add.Activation));
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
        var (input, output) = (_plan.Codes[layer.Input], _plan.Codes[layer.Output]);
        var kernel = QuantizedKernel.Of(layer, input, output, _means.GetValueOrDefault(layer.Input));
        var channels = kernel.Scales.Length;
        var depth = kernel.Weights[0].Length / (layer.KernelHeight * layer.KernelWidth);
        int[] shape = layer.Depthwise ? [1, layer.KernelHeight, layer.KernelWidth, channels] : [channels, layer.KernelHeight, layer.KernelWidth, depth];
        var weights = _builder.Int8(
            $"{layer.Output.Name}/weights", shape, layer.Depthwise ? Interleaved(kernel.Weights) : [.. kernel.Weights.SelectMany(row => row)],
            TfliteQuantization.PerChannel(kernel.Scales, layer.Depthwise ? 3 : 0));
        // TFLite 2.9 refuses a bias scale that is not the float32 product.
        var biasScales = Array.ConvertAll(kernel.Scales, scale => input.Scale * scale);
        var bias = _builder.Int32($"{layer.Output.Name}/bias", [channels], kernel.Bias, TfliteQuantization.PerChannel(biasScales, 0));
        _builder.Operator(
            layer.Depthwise ? BuiltinOperator.DepthwiseConv2D : BuiltinOperator.Conv2D,
            [_builder.Places[layer.Input], weights, bias],
            Result(layer),
            layer.Depthwise
                ? new DepthwiseConvOptions(layer.Padding, layer.StrideWidth, layer.StrideHeight, channels / layer.Input.Channels, layer.Activation, layer.DilationWidth, layer.DilationHeight)
                : new ConvOptions(layer.Padding, layer.StrideWidth, layer.StrideHeight, layer.Activation, layer.DilationWidth, layer.DilationHeight));
    }

    private int Result(Layer layer) => _builder.Activation(layer.Output, _plan.Codes[layer.Output]);

    /// <summary>(channels, taps) → (taps, channels): depthwise weights have the channel last.</summary>
    private static sbyte[] Interleaved(sbyte[][] rows)
    {
        var data = new sbyte[rows.Length * rows[0].Length];
        for (var channel = 0; channel < rows.Length; channel++)
        {
            for (var tap = 0; tap < rows[channel].Length; tap++)
                data[(tap * rows.Length) + channel] = rows[channel][tap];
        }

        return data;
    }
}

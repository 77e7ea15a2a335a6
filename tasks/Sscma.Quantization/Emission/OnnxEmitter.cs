using Sscma.Onnx;
using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Emission;

/// <summary>
/// Writes a network as ONNX, one writer for each kind of layer: the second emission beside <see cref="LayerEmitter"/>, of the same layers. Input and
/// values are (1, C, H, W), as ONNX wants images; outputs have the names, shapes and order of the .tflite file.
/// </summary>
internal sealed partial class OnnxEmitter
{
    private readonly OnnxBuilder _builder;
    private readonly OnnxEncoding _encoding;
    private readonly Network _network;
    private readonly Dictionary<Value, string> _names = [];
    private readonly Dictionary<Value, string> _direct = [];
    private readonly Dictionary<Value, PadLayer> _borders;

    private OnnxEmitter(Network network, OnnxEncoding encoding)
    {
        (_network, _encoding, _borders) = (network, encoding, Borders(network));
        var (opset, version) = encoding.Version;
        _builder = new OnnxBuilder(new OnnxModel { Opset = opset, IrVersion = version, ProducerVersion = typeof(OnnxEmitter).Assembly.GetName().Version!.ToString(3) });
    }

    /// <summary>The whole network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="encoding">How its numbers are written.</param>
    public static OnnxModel Emit(Network network, OnnxEncoding encoding) => new OnnxEmitter(network, encoding).Emit();

    private OnnxModel Emit()
    {
        var model = _builder.Model;
        var input = _builder.Name(_network.Input.Name);
        model.Inputs.Add(new OnnxValueInfo(input, OnnxType.Float, [1, _network.Input.Channels, _network.Input.Height, _network.Input.Width]));
        var outputs = _network.Outputs.Select(output => (Value: output, Name: _builder.Name(output.Name))).ToList();
        foreach (var (value, name) in outputs.Where(output => !IsImage(output.Value)))
            _direct.TryAdd(value, name);

        _names[_network.Input] = _encoding.Input(_builder, _network.Input, input);
        foreach (var layer in _network.Layers.Where(layer => !_borders.ContainsKey(layer.Output)))
            Emit(layer);
        foreach (var (value, name) in outputs)
        {
            model.Outputs.Add(new OnnxValueInfo(name, OnnxType.Float, Array.ConvertAll(value.Shape, extent => (long)extent)));
            if (IsImage(value))
                _builder.Node("Transpose", $"{name}/channels_last", [_names[value]], name, ("perm", ChannelsLast));
            else if (_direct[value] != name)
                _builder.Node("Identity", $"{name}/again", [_names[value]], name);
        }

        return model;
    }

    private void Emit(Layer layer) => _names[layer.Output] = layer switch
    {
        ConstantLayer constant => _encoding.Constant(_builder, constant.Output, InImageOrder(constant.Output, constant.Data)),
        RequantizeLayer again => _encoding.Again(_builder, again.Output, _names[again.Input]),
        _ => _encoding.Result(_builder, layer.Output, _direct.GetValueOrDefault(layer.Output), result => Write(layer, result)),
    };

    /// <summary>Adds the nodes of a layer, the last of which has this result.</summary>
    private void Write(Layer layer, string result)
    {
        switch (layer)
        {
            case ConvLayer conv:
                Conv(conv, result);
                break;
            case AddLayer add:
                Activated(add, "Add", add.Activation, result);
                break;
            case SubLayer sub:
                Activated(sub, "Sub", sub.Activation, result);
                break;
            case MulLayer mul:
                Activated(mul, "Mul", mul.Activation, result);
                break;
            case MaxPoolLayer pool:
                Pool(pool, "MaxPool", pool.KernelHeight, pool.KernelWidth, pool.StrideHeight, pool.StrideWidth, pool.Padding, result);
                break;
            case AveragePoolLayer pool:
                Pool(pool, "AveragePool", pool.KernelHeight, pool.KernelWidth, pool.StrideHeight, pool.StrideWidth, pool.Padding, result);
                break;
            case MeanLayer mean:
                Mean(mean, result);
                break;
            case ResizeLayer resize:
                Resize(resize, result);
                break;
            case ConcatLayer concat:
                Plain(concat, "Concat", result, ("axis", (long)ImageAxis[concat.Axis]));
                break;
            case PadLayer pad:
                Pad(pad, result);
                break;
            case SliceLayer slice:
                Slice(slice, result);
                break;
            case TransposeLayer transpose:
                Transpose(transpose, result);
                break;
            case ReshapeLayer reshape:
                Reshape(reshape, result);
                break;
            case SigmoidLayer:
                Plain(layer, "Sigmoid", result);
                break;
            case TanhLayer:
                Plain(layer, "Tanh", result);
                break;
            case SoftmaxLayer:
                Plain(layer, "Softmax", result, ("axis", 1L));
                break;
            case HardSwishLayer:
                Plain(layer, "HardSwish", result);
                break;
            case LeakyReluLayer leaky:
                Plain(leaky, "LeakyRelu", result, ("alpha", leaky.Slope));
                break;
            default:
                throw new InvalidOperationException($"no ONNX operator for the layer {layer.GetType().Name}");
        }
    }

    private void Plain(Layer layer, string op, string result, params (string Name, object Value)[] attributes) =>
        _builder.Node(op, layer.Name, [.. layer.Inputs.Select(input => _names[input])], result, attributes);

    private void Conv(ConvLayer layer, string result)
    {
        var (weights, bias) = _encoding.Constants(_builder, layer);
        var (input, border) = Bordered(layer.Input);
        var cut = layer.Saturation is { } range ? (range.Min, range.Max) : Bounds(layer.Activation);
        var whole = cut is null ? result : _builder.Name($"{result}/uncut");
        _builder.Node(
            "Conv", layer.Name, [input, weights, bias], whole,
            ("dilations", new long[] { layer.DilationHeight, layer.DilationWidth }),
            ("group", layer.Depthwise ? (long)layer.Input.Channels : 1L),
            ("kernel_shape", new long[] { layer.KernelHeight, layer.KernelWidth }),
            ("pads", PadsOf(layer.Input, layer.Output, layer.Padding, (layer.KernelHeight, layer.StrideHeight, layer.DilationHeight), (layer.KernelWidth, layer.StrideWidth, layer.DilationWidth), border)),
            ("strides", new long[] { layer.StrideHeight, layer.StrideWidth }));
        if (cut is { } bounds)
            Cut(layer, bounds, whole, result);
    }

    private void Activated(Layer layer, string op, Activation activation, string result)
    {
        if (Bounds(activation) is not { } bounds)
        {
            Plain(layer, op, result);
            return;
        }

        var uncut = _builder.Name($"{result}/uncut");
        Plain(layer, op, uncut);
        Cut(layer, bounds, uncut, result);
    }

    private static (float Low, float High)? Bounds(Activation activation) => activation switch
    {
        Activation.None => null,
        Activation.Relu => (0, float.MaxValue),
        Activation.Relu6 => (0, 6),
        Activation.ReluN1To1 => (-1, 1),
        _ => throw new InvalidOperationException($"no ONNX operator for the activation {activation}"),
    };

    private void Cut(Layer layer, (float Low, float High) bounds, string uncut, string result)
    {
        if (bounds is (0, float.MaxValue))
            _builder.Node("Relu", $"{layer.Name}/cut", [uncut], result);
        else
            _builder.Node("Clip", $"{layer.Name}/cut", [uncut, _builder.Floats($"{result}/low", [bounds.Low]), _builder.Floats($"{result}/high", [bounds.High])], result);
    }

    private void Pool(Layer layer, string op, int height, int width, int strideHeight, int strideWidth, Padding padding, string result)
    {
        var (input, border) = Bordered(layer.Inputs[0]);
        _builder.Node(
            op, layer.Name, [input], result,
            ("kernel_shape", new long[] { height, width }),
            ("pads", PadsOf(layer.Inputs[0], layer.Output, padding, (height, strideHeight, 1), (width, strideWidth, 1), border)),
            ("strides", new long[] { strideHeight, strideWidth }));
    }

    private void Mean(MeanLayer layer, string result)
    {
        if (layer.Axes is [1, 2])
        {
            Plain(layer, "GlobalAveragePool", result);
            return;
        }

        long[] axes = [.. layer.Axes.Select(axis => (long)ImageAxis[axis]).Order()];
        // Operator set 18 made an operand of the attribute.
        if (_builder.Model.Opset < 18)
            Plain(layer, "ReduceMean", result, ("axes", axes), ("keepdims", 1L));
        else
            _builder.Node("ReduceMean", layer.Name, [_names[layer.Input], _builder.Longs($"{result}/axes", axes)], result, ("keepdims", 1L));
    }

    /// <summary>TFLite's three ways in ONNX's words: its nearest pixel is the floor of a position, which half pixels and corners shift by a half.</summary>
    private void Resize(ResizeLayer layer, string result)
    {
        var (kind, shape) = (layer.Kind, layer.Output);
        var sizes = _builder.Longs($"{result}/sizes", 1, shape.Channels, shape.Height, shape.Width);
        (string, object) place = ("coordinate_transformation_mode", kind.AlignCorners ? "align_corners" : kind.HalfPixelCenters ? "half_pixel" : "asymmetric");
        (string, object)[] attributes = kind.Bilinear
            ? [place, ("mode", "linear")]
            : [place, ("mode", "nearest"), ("nearest_mode", kind.AlignCorners || kind.HalfPixelCenters ? "round_prefer_ceil" : "floor")];
        _builder.Node("Resize", layer.Name, [_names[layer.Input], "", "", sizes], result, attributes);
    }
}

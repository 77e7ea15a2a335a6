using Sscma.Onnx;
using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Import;

/// <content>Convolutions and all that folds into one.</content>
internal sealed partial class OnnxImporter
{
    private string? Conv(OnnxNode node)
    {
        if (Image(node, 0, out var problem) is not { } input)
            return problem;
        if (_constants.Find(node, 1) is not { Type: OnnxType.Float, Shape: [var outputs, var depth, var height, var width] } kernel)
            return "its kernel is no float constant of four axes";
        var bias = node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? _constants.Floats(node, 2) : new float[outputs];
        if (bias is null || bias.Length != outputs)
            return "its bias is no float constant with one value for each output channel";
        var groups = node.Int("group", 1);
        if (depth * groups != input.Channels || outputs % groups != 0)
            return $"its kernel [{string.Join(',', kernel.Shape)}] with {groups} group(s) does not fit {input.Channels} input channels";
        if (groups != 1 && groups != input.Channels)
            return $"{groups} groups over {input.Channels} channels: only 1 group or one for each channel is portable";
        if (Windows.Of(node, (int)height, (int)width, input, out var rows, out var columns) is { } reason)
            return reason;

        var padding = Windows.PaddingOf(rows, columns);
        if (padding is null)
            input = Padded(node, input, new Pads(rows.Before, columns.Before, rows.Reached, columns.Reached));
        return Append(node, new ConvLayer(NameOf(node), input, Result(node, rows.Count, columns.Count, (int)outputs))
        {
            Kernel = Rows(kernel.Floats(), (int)outputs, (int)depth, (int)(height * width)),
            Bias = bias,
            KernelHeight = rows.Kernel, KernelWidth = columns.Kernel,
            StrideHeight = rows.Stride, StrideWidth = columns.Stride,
            DilationHeight = rows.Dilation, DilationWidth = columns.Dilation,
            Padding = padding ?? Padding.Valid,
            Depthwise = groups == input.Channels && groups > 1,
        });
    }

    /// <summary>(O, I, taps) → for each O a row (taps, I): TFLite reads the channels of one pixel together.</summary>
    private static float[][] Rows(float[] kernel, int outputs, int depth, int taps)
    {
        var rows = new float[outputs][];
        for (var output = 0; output < outputs; output++)
        {
            rows[output] = new float[taps * depth];
            for (var channel = 0; channel < depth; channel++)
            {
                for (var tap = 0; tap < taps; tap++)
                    rows[output][(tap * depth) + channel] = kernel[(((output * depth) + channel) * taps) + tap];
            }
        }

        return rows;
    }

    private Value Padded(OnnxNode node, Value input, Pads pads)
    {
        var padded = new Value($"{node.Outputs[0]}/padded", 1, input.Height + pads.Top + pads.Bottom, input.Width + pads.Left + pads.Right, input.Channels);
        _layers.Add(new PadLayer($"{NameOf(node)}/pad", input, padded, pads));
        return padded;
    }

    /// <summary>y = scale·x + offset of each channel: folded into the convolution before, else a convolution of its own.</summary>
    private string? Affine(OnnxNode node, Value input, float[] scale, float[] offset, Activation activation = Activation.None, ValueRange? saturation = null)
    {
        var output = ResultLike(node, input);
        var maker = SoleMaker(input);
        if (maker >= 0 && _layers[maker] is ConvLayer { Activation: Activation.None, Saturation: null } conv)
            return Replace(node, maker, conv.Then(scale, offset, output) with { Activation = activation, Saturation = saturation });
        return Append(node, ConvLayer.PerChannel(NameOf(node), input, output, scale, offset) with { Activation = activation, Saturation = saturation });
    }

    private string? BatchNorm(OnnxNode node)
    {
        if (Image(node, 0, out var problem) is not { } input)
            return problem;
        if (node.Int("training_mode", 0) != 0)
            return "it is in training mode";
        if (_constants.Floats(node, 1) is not { } gamma || _constants.Floats(node, 2) is not { } beta
            || _constants.Floats(node, 3) is not { } mean || _constants.Floats(node, 4) is not { } variance
            || new[] { gamma, beta, mean, variance }.Any(values => values.Length != input.Channels))
            return "its four operands are no float constants with one value for each channel";
        var epsilon = node.Float("epsilon", 1e-5f);
        var scale = new float[input.Channels];
        var offset = new float[input.Channels];
        for (var channel = 0; channel < scale.Length; channel++)
        {
            var factor = gamma[channel] / Math.Sqrt((double)variance[channel] + epsilon);
            scale[channel] = (float)factor;
            offset[channel] = (float)(beta[channel] - (mean[channel] * factor));
        }

        return Affine(node, input, scale, offset);
    }

    private string? Activate(OnnxNode node, Activation activation)
    {
        if (Image(node, 0, out var problem) is not { } input)
            return problem;
        var maker = SoleMaker(input);
        if (maker >= 0 && _layers[maker] is ActivatedLayer { Activation: Activation.None } layer and not ConvLayer { Saturation: not null })
            return Replace(node, maker, layer with { Output = ResultLike(node, input), Activation = activation });
        return Affine(node, input, Filled(input.Channels, 1), new float[input.Channels], activation);
    }

    private string? Clip(OnnxNode node)
    {
        if (Bound(node, 1, "min", float.NegativeInfinity) is not { } low || Bound(node, 2, "max", float.PositiveInfinity) is not { } high)
            return "its bounds are no constants";
        return (low, high) switch
        {
            (0, 6) => Activate(node, Activation.Relu6),
            (-1, 1) => Activate(node, Activation.ReluN1To1),
            (0, >= float.MaxValue) => Activate(node, Activation.Relu),
            ( <= float.MinValue, >= float.MaxValue) => Alias(node),
            _ => $"the bounds {low} and {high} are none of 0..6, -1..1 and 0..infinity",
        };
    }

    /// <summary>A bound of Clip: an operand since operator set 11, an attribute before.</summary>
    private float? Bound(OnnxNode node, int operand, string attribute, float absent)
    {
        if (operand < node.Inputs.Count && node.Inputs[operand].Length > 0)
            return _constants.Floats(node, operand) is [var bound] ? bound : null;
        return node.Float(attribute, absent);
    }

    /// <summary>
    /// clamp(alpha·x + beta, 0, 1). TFLite has no such operator and needs none: the convolution before takes in alpha and beta,
    /// and codes that span exactly 0..1 cut the rest off.
    /// </summary>
    private string? HardSigmoid(OnnxNode node)
    {
        if (Image(node, 0, out var problem) is not { } input)
            return problem;
        return Affine(node, input, Filled(input.Channels, node.Float("alpha", 0.2f)), Filled(input.Channels, node.Float("beta", 0.5f)), saturation: new ValueRange(0, 1));
    }

    private static float[] Filled(int count, float value)
    {
        var values = new float[count];
        values.AsSpan().Fill(value);
        return values;
    }
}

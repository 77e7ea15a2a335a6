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
        if (_constants.Find(node, 1) is not { Shape: [> 0 and var outputs, > 0 and var depth, > 0 and var height, > 0 and var width] } kernel || Constants.Floats(kernel) is not { } weights)
            return "its kernel is no float constant of four axes";
        var bias = node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? _constants.Floats(node, 2) : new float[outputs];
        if (bias is null || bias.Length != outputs)
            return "its bias is no float constant with one value for each output channel";
        var groups = node.Int("group", 1);
        if (groups < 1 || depth * (double)groups != input.Channels || outputs % groups != 0)
            return $"its kernel [{string.Join(',', kernel.Shape)}] with {groups} group(s) does not fit {input.Channels} input channels";
        if (Windows.Of(node, (int)height, (int)width, input, out var rows, out var columns) is { } reason)
            return reason;

        var padding = Windows.PaddingOf(rows, columns);
        if (padding is null)
            input = Padded(node, input, new Pads(rows.Before, columns.Before, rows.Reached, columns.Reached));
        return Append(node, new ConvLayer(NameOf(node), input, Result(node, rows.Count, columns.Count, outputs))
        {
            Kernel = Rows(weights, (int)outputs, (int)depth, (int)(height * width)),
            Bias = bias,
            KernelHeight = rows.Kernel, KernelWidth = columns.Kernel,
            StrideHeight = rows.Stride, StrideWidth = columns.Stride,
            DilationHeight = rows.Dilation, DilationWidth = columns.Dilation,
            Padding = padding ?? Padding.Valid,
            Depthwise = groups > 1,
            GivenScales = _constants.Stored(node, 1)?.OfWeights(outputs: 0),
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

    private Value Padded(OnnxNode node, Value input, Pads pads, float fill = 0)
    {
        var padded = new Value($"{node.Outputs[0]}/padded", 1, input.Height + pads.Top + pads.Bottom, input.Width + pads.Left + pads.Right, input.Channels);
        _layers.Add(new PadLayer($"{NameOf(node)}/pad", input, padded, pads, fill));
        return padded;
    }

    /// <summary>y = scale·x + offset of each channel: folded into the convolution before, else a convolution of its own.</summary>
    private string? Affine(OnnxNode node, View input, float[] scale, float[] offset, Activation activation = Activation.None, ValueRange? saturation = null)
    {
        var output = ResultLike(node, input);
        var maker = SoleMaker(input.Value);
        if (maker >= 0 && _layers[maker] is ConvLayer { Activation: Activation.None, Saturation: null } conv)
            return Replace(node, maker, conv.Then(scale, offset, output) with { Activation = activation, Saturation = saturation }, input.Layout);
        return Append(node, ConvLayer.PerChannel(NameOf(node), input.Value, output, scale, offset) with { Activation = activation, Saturation = saturation }, input.Layout);
    }

    /// <summary>A·B + C with constants B and C: a convolution whose window is the whole image.</summary>
    private string? Gemm(OnnxNode node)
    {
        if (View(node, 0, out var problem) is not { } view)
            return problem;
        if (node.Int("transA", 0) != 0)
            return "its first operand is transposed";
        if (_constants.Find(node, 1) is not { Shape: [> 0 and var rows, > 0 and var columns] } matrix || Constants.Floats(matrix) is not { } weights)
            return "its second operand is no float constant of two axes";
        var (alpha, beta) = (node.Float("alpha", 1), node.Float("beta", 1));
        var turned = node.Int("transB", 0) == 0;
        var given = alpha == 1 ? _constants.Stored(node, 1)?.OfWeights(outputs: turned ? 1 : 0) : null;
        if (turned)
            (weights, rows, columns) = (Turned(weights, (int)rows, (int)columns), columns, rows);
        var bias = new float[rows];
        if (node.Inputs.Count > 2 && node.Inputs[2].Length > 0)
        {
            if (_constants.Floats(node, 2) is not { } addend || (addend.Length != rows && addend.Length != 1))
                return "its third operand is no float constant with one value for each output";
            for (var i = 0; i < bias.Length; i++)
                bias[i] = beta * addend[addend.Length == 1 ? 0 : i];
        }

        return view.Layout == Layout.Flat && columns == view.Value.Count
            ? Dense(node, view, Array.ConvertAll(weights, weight => weight * alpha), bias, given)
            : $"its operand [{string.Join(',', view.Shape)}] does not fit {columns} weights for each output";
    }

    private string? MatMul(OnnxNode node)
    {
        if (View(node, 0, out var problem) is not { } view)
            return problem;
        if (_constants.Find(node, 1) is not { Shape: [> 0 and var rows, > 0 and var columns] } matrix || Constants.Floats(matrix) is not { } weights)
            return "only a product with a constant matrix on the right is known";
        weights = Turned(weights, (int)rows, (int)columns);
        var given = _constants.Stored(node, 1)?.OfWeights(outputs: 1);
        if (view.Layout == Layout.Flat && rows == view.Value.Count)
            return Dense(node, view, weights, new float[columns], given);
        if (view.Layout is not (Layout.Cells or Layout.ChannelsLast) || rows != view.Value.Channels)
            return $"its operand [{string.Join(',', view.Shape)}] does not have its {rows} features last in memory";
        var output = Result(node, view.Value.Height, view.Value.Width, columns, channelsLast: true);
        return Append(node, new ConvLayer(NameOf(node), view.Value, output) { Kernel = Rows(weights, (int)columns, (int)rows, 1), Bias = new float[columns], GivenScales = given }, view.Layout);
    }

    /// <summary>All elements of an image times a matrix (outputs, elements in ONNX's order): the order of TFLite is made in the weights.</summary>
    private string? Dense(OnnxNode node, View view, float[] weights, float[] bias, float[]? given)
    {
        var input = view.Value;
        return Append(node, new ConvLayer(NameOf(node), input, Result(node, 1, 1, bias.Length))
        {
            Kernel = Rows(weights, bias.Length, input.Channels, input.Height * input.Width),
            Bias = bias,
            KernelHeight = input.Height,
            KernelWidth = input.Width,
            GivenScales = given,
        }, Layout.Flat);
    }

    private static float[] Turned(float[] matrix, int rows, int columns)
    {
        var turned = new float[matrix.Length];
        for (var i = 0; i < matrix.Length; i++)
            turned[((i % columns) * rows) + (i / columns)] = matrix[i];
        return turned;
    }

    private string? BatchNorm(OnnxNode node)
    {
        if (View(node, 0, out var problem) is not { } view)
            return problem;
        if (view.Layout is not (Layout.Image or Layout.ChannelRows) && !(view.Layout == Layout.Flat && view.Value.Count == view.Value.Channels))
            return "its channels are not the second axis";
        var input = view.Value;
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

        return Affine(node, view, scale, offset);
    }

    private string? Activate(OnnxNode node, Activation activation)
    {
        if (View(node, 0, out var problem) is not { } input)
            return problem;
        var maker = SoleMaker(input.Value);
        if (maker >= 0 && _layers[maker] is ActivatedLayer { Activation: Activation.None } layer and not ConvLayer { Saturation: not null })
            return Replace(node, maker, layer with { Output = ResultLike(node, input), Activation = activation }, input.Layout);
        var channels = input.Value.Channels;
        return Affine(node, input, Filled(channels, 1), new float[channels], activation);
    }

    /// <summary>The bounds that are activations of TFLite; Expand brings all others to these.</summary>
    private string? Clip(OnnxNode node) => Bounds(node) switch
    {
        null => "its bounds are no constants",
        (0, 6) => Activate(node, Activation.Relu6),
        (-1, 1) => Activate(node, Activation.ReluN1To1),
        (0, 1) => Saturated(node, 1, 0),
        (0, >= float.MaxValue) => Activate(node, Activation.Relu),
        ( <= float.MinValue, >= float.MaxValue) => Alias(node),
        var (low, high) => $"the bounds {low} and {high} hold nothing between them",
    };

    private (float Low, float High)? Bounds(OnnxNode node) =>
        Bound(node, 1, "min", float.NegativeInfinity) is { } low && Bound(node, 2, "max", float.PositiveInfinity) is { } high ? (low, high) : null;

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
    private string? Saturated(OnnxNode node, float alpha, float beta)
    {
        if (View(node, 0, out var problem) is not { } input)
            return problem;
        var channels = input.Value.Channels;
        return Affine(node, input, Filled(channels, alpha), Filled(channels, beta), saturation: new ValueRange(0, 1));
    }

    private static float[] Filled(int count, float value)
    {
        var values = new float[count];
        values.AsSpan().Fill(value);
        return values;
    }
}

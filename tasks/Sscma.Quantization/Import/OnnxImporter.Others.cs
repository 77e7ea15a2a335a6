using Sscma.Onnx;
using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Import;

/// <content>Everything but convolutions.</content>
internal sealed partial class OnnxImporter
{
    private string? Sigmoid(OnnxNode node) =>
        Image(node, 0, out var problem) is { } input
            ? Append(node, new SigmoidLayer(NameOf(node), input, ResultLike(node, input)))
            : problem;

    /// <summary>Add and Mul: of two images, or of an image and a constant for each channel.</summary>
    private string? Pairwise(OnnxNode node)
    {
        if (node.Inputs.Count != 2)
            return "it must have two operands";
        for (var side = 0; side < 2; side++)
        {
            if (_constants.Find(node, side) is { } constant)
                return WithConstant(node, 1 - side, constant);
        }

        if (Image(node, 0, out var problem) is not { } a || Image(node, 1, out problem) is not { } b)
            return problem;
        if (!Fits(a, b) && !Fits(b, a))
            return $"the shapes [{string.Join(',', a.Shape)}] and [{string.Join(',', b.Shape)}] do not fit";
        var output = ResultLike(node, Fits(a, b) ? a : b);
        return Append(node, node.Op == "Add" ? new AddLayer(NameOf(node), [a, b], output) : new MulLayer(NameOf(node), [a, b], output));

        static bool Fits(Value whole, Value part) => whole.Shape.Zip(part.Shape).All(pair => pair.Second == pair.First || pair.Second == 1);
    }

    private string? WithConstant(OnnxNode node, int side, OnnxTensor constant)
    {
        if (Image(node, side, out var problem) is not { } input)
            return problem;
        var perChannel = constant.Count == 1 || (constant.Count == input.Channels && constant.Shape is [.., var channels, 1, 1] && channels == input.Channels);
        if (constant.Type != OnnxType.Float || !perChannel)
            return "its constant operand is no float for each channel";
        var values = constant.Floats();
        if (values.Length == 1)
            values = Filled(input.Channels, values[0]);
        return node.Op == "Add"
            ? Affine(node, input, Filled(input.Channels, 1), values)
            : Affine(node, input, values, new float[input.Channels]);
    }

    private string? Concat(OnnxNode node)
    {
        if (node.Int("axis", 0) is not (1 or -3))
            return "only channels (axis 1) are joined";
        var inputs = new Value[node.Inputs.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (Image(node, i, out var problem) is not { } input)
                return problem;
            if (input.Height != (inputs[0] ?? input).Height || input.Width != (inputs[0] ?? input).Width)
                return "its operands have different sizes";
            inputs[i] = input;
        }

        var output = Result(node, inputs[0].Height, inputs[0].Width, inputs.Sum(input => input.Channels));
        return Append(node, new ConcatLayer(NameOf(node), inputs, output));
    }

    private string? MaxPool(OnnxNode node)
    {
        if (Image(node, 0, out var problem) is not { } input)
            return problem;
        if (node.Ints("kernel_shape") is not [var height, var width])
            return "only two-dimensional windows are known";
        if (node.Int("ceil_mode", 0) != 0 || node.Ints("dilations", 1, 1).Any(dilation => dilation != 1))
            return "ceil_mode and dilations are not known";
        if (Windows.Of(node, (int)height, (int)width, input, out var rows, out var columns) is { } reason)
            return reason;
        if (Windows.PaddingOf(rows, columns) is not { } padding)
            return "its padding has no equal in TFLite; use stride 1 with symmetric padding, or no padding";
        var pool = new MaxPoolLayer(NameOf(node), input, Result(node, rows.Count, columns.Count, input.Channels), rows.Kernel, columns.Kernel, rows.Stride, columns.Stride, padding);
        // Split pooling writes 5x5, 9x9 and 13x13 as chains of 3x3 that begin alike: the common beginnings are computed once.
        if (_layers.OfType<MaxPoolLayer>().FirstOrDefault(other => other.Window == pool.Window) is not { } same)
            return Append(node, pool);
        _views[node.Outputs[0]] = new View(same.Output);
        _uses[same.Output.Name] += _uses.GetValueOrDefault(node.Outputs[0]);
        return null;
    }

    private string? Mean(OnnxNode node)
    {
        if (Image(node, 0, out var problem) is not { } input)
            return problem;
        if (node.Op == "ReduceMean")
        {
            var axes = _constants.Longs(node, 1) ?? node.Ints("axes");
            if (!axes.Select(axis => axis < 0 ? axis + 4 : axis).Order().SequenceEqual([2, 3]) || node.Int("keepdims", 1) == 0)
                return "only the mean over height and width that keeps the axes is known";
        }

        return Append(node, new MeanLayer(NameOf(node), input, Result(node, 1, 1, input.Channels)));
    }

    private string? Pad(OnnxNode node)
    {
        if (Image(node, 0, out var problem) is not { } input)
            return problem;
        var pads = _constants.Longs(node, 1) ?? node.Ints("pads");
        var value = Bound(node, 2, "value", 0);
        if (node.Text("mode", "constant") != "constant" || value is not 0f || pads is not [0, 0, >= 0 and var top, >= 0 and var left, 0, 0, >= 0 and var bottom, >= 0 and var right])
            return "only a border of zeros around height and width is known";
        var output = Result(node, input.Height + (int)(top + bottom), input.Width + (int)(left + right), input.Channels);
        return Append(node, new PadLayer(NameOf(node), input, output, new Pads((int)top, (int)left, (int)bottom, (int)right)));
    }

    private string? Transpose(OnnxNode node) => Rearrange(node, view => view.Transposed(node.Ints("perm")));

    private string? Reshape(OnnxNode node) =>
        _constants.Longs(node, 1) is { } shape ? Rearrange(node, view => view.Reshaped(shape)) : "its shape is no constant";

    private string? Alias(OnnxNode node) => Rearrange(node, view => view);

    private string? Rearrange(OnnxNode node, Func<View, View?> change)
    {
        if (!_views.TryGetValue(node.Inputs[0], out var view))
            return $"nothing makes its operand '{node.Inputs[0]}'";
        if (view is null)
            return "";
        if (change(view) is not { } changed)
            return "only (1, C, H, W) → (1, H·W, C) at the end of the graph is known";
        _views[node.Outputs[0]] = changed;
        // The value is used once more under its new name, less this node.
        _uses[view.Value.Name] = _uses.GetValueOrDefault(view.Value.Name) + _uses.GetValueOrDefault(node.Outputs[0]) - 1;
        return null;
    }
}

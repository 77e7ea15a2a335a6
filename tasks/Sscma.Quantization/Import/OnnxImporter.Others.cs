using Sscma.Onnx;
using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Import;

/// <content>Operators that compute, convolutions excepted.</content>
internal sealed partial class OnnxImporter
{
    private string? Unary(OnnxNode node, Func<Value, Value, Layer> make) =>
        View(node, 0, out var problem) is { } input ? Append(node, make(input.Value, ResultLike(node, input)), input.Layout) : problem;

    /// <summary>TFLite's softmax runs over the last axis; channels are that.</summary>
    private string? Softmax(OnnxNode node)
    {
        if (View(node, 0, out var problem) is not { } view)
            return problem;
        var shape = view.Shape;
        var axis = Shapes.Axis(node.Int("axis", _model.Opset < 13 ? 1 : -1), shape.Length);
        // Before operator set 13 all axes from this one on were taken together.
        var together = _model.Opset < 13 && shape[(axis + 1)..].Any(extent => extent != 1);
        // Channels that a Reshape and a Transpose have made lie first in memory; TFLite wants them last.
        if (!together && axis == 1 && view.Layout == Layout.ChannelsLast && Image(node, 0, out problem) is { } image)
            return Append(node, new SoftmaxLayer(NameOf(node), image, Result(node, image.Height, image.Width, image.Channels)));
        if (together || (view.Axes[axis] is not [3] && !(view.Layout == Layout.Flat && axis == 1 && view.Value.Count == view.Value.Channels)))
            return $"only a softmax over channels is known, not over axis {axis} of [{string.Join(',', shape)}]";
        return Unary(node, (input, output) => new SoftmaxLayer(NameOf(node), input, output));
    }

    /// <summary>Add, Sub, Mul and Div: of two values, or of a value and a constant.</summary>
    private string? Pairwise(OnnxNode node)
    {
        if (node.Inputs.Count != 2)
            return "it must have two operands";
        for (var side = 0; side < 2; side++)
        {
            if (_constants.Find(node, side) is { } constant)
                return WithConstant(node, 1 - side, constant);
        }

        if (View(node, 0, out var problem) is not { } a || View(node, 1, out problem) is not { } b)
            return problem;
        if (a.Layout != b.Layout || (a.Layout is Layout.ChannelRows or Layout.Flat or Layout.Cells && !a.Value.Shape.SequenceEqual(b.Value.Shape)))
            (a, b) = (AsPlain(node, a, 0), AsPlain(node, b, 1));
        if (a.Layout != b.Layout)
            return $"the shapes [{string.Join(',', a.Shape)}] and [{string.Join(',', b.Shape)}] do not fit";
        return Combine(node, a.Value, b.Value, a.Layout);
    }

    private View AsPlain(OnnxNode node, View view, int operand) => view.IsPlain && view.Layout is Layout.ChannelsLast or Layout.Cells ? view : Plain($"{NameOf(node)}/operand{operand}", view);

    private string? Combine(OnnxNode node, Value a, Value b, Layout layout)
    {
        var shape = new long[4];
        for (var axis = 0; axis < 4; axis++)
        {
            if (a.Shape[axis] != b.Shape[axis] && a.Shape[axis] != 1 && b.Shape[axis] != 1)
                return $"the shapes [{string.Join(',', new View(a, layout).Shape)}] and [{string.Join(',', new View(b, layout).Shape)}] do not fit";
            shape[axis] = Math.Max(a.Shape[axis], b.Shape[axis]);
        }

        var output = Result(node, shape[1], shape[2], shape[3], layout is Layout.ChannelsLast or Layout.Cells);
        Layer? layer = node.Op switch
        {
            "Add" => new AddLayer(NameOf(node), [a, b], output),
            "Sub" => new SubLayer(NameOf(node), [a, b], output),
            "Mul" => new MulLayer(NameOf(node), [a, b], output),
            _ => null,
        };
        return layer is null ? "only a division by a constant is known" : Append(node, layer, layout);
    }

    private string? WithConstant(OnnxNode node, int side, OnnxTensor constant)
    {
        if (View(node, side, out var problem) is not { } view)
            return problem;
        if (Constants.Floats(constant) is not { } values)
            return "its constant operand holds no floats";
        if (!values.All(float.IsFinite))
            return "its constant operand holds a number that is not finite";
        if (node.Op == "Div")
        {
            if (side != 0 || values.Contains(0))
                return side != 0 ? "only a division by a constant is known" : "it divides by zero";
            values = Array.ConvertAll(values, value => 1 / value);
        }

        if (Spread(constant, view, values, out var shape) is not { } data)
            return $"its constant operand [{string.Join(',', constant.Shape)}] does not spread over [{string.Join(',', view.Shape)}]";
        var channels = view.Value.Channels;
        if (shape[1] == 1 && shape[2] == 1 && (shape[3] == 1 || shape[3] == channels))
        {
            var each = data.Length == channels ? data : Filled(channels, data[0]);
            return node.Op switch
            {
                "Add" => Affine(node, view, Filled(channels, 1), each),
                "Sub" when side == 0 => Affine(node, view, Filled(channels, 1), Array.ConvertAll(each, value => -value)),
                "Sub" => Affine(node, view, Filled(channels, -1), each),
                _ => Affine(node, view, each, new float[channels]),
            };
        }

        var other = new Value($"{node.Outputs[0]}/constant{1 - side}", shape) { Given = node.Op == "Div" ? null : _constants.Stored(node, 1 - side)?.OfValue };
        _layers.Add(new ConstantLayer(other.Name, other, data));
        var multiplied = node.Op == "Div" ? node with { Op = "Mul" } : node;
        return side == 0 ? Combine(multiplied, view.Value, other, view.Layout) : Combine(multiplied, other, view.Value, view.Layout);
    }

    /// <summary>A constant in the order of a value that it meets, each axis whole or 1; null where it does not spread over it.</summary>
    private static float[]? Spread(OnnxTensor constant, View view, float[] values, out int[] shape)
    {
        shape = [1, 1, 1, 1];
        var whole = view.Shape;
        var lead = whole.Length - constant.Shape.Length;
        if (lead < 0)
            return constant.Count == 1 ? values : null;
        var starts = new long[4];
        long stride = 1;
        for (var axis = constant.Shape.Length - 1; axis >= 0; axis--)
        {
            var extent = constant.Shape[axis];
            if (extent != 1)
            {
                var parts = view.Axes[axis + lead];
                if (extent != whole[axis + lead] && (parts.Length > 1 || whole[axis + lead] != 1 || parts[0] == 0))
                    return null;
                var inner = stride;
                for (var i = parts.Length - 1; i >= 0; i--)
                {
                    shape[parts[i]] = parts.Length > 1 ? view.Value.Shape[parts[i]] : (int)Math.Min(extent, MostElements);
                    starts[parts[i]] = inner;
                    inner *= shape[parts[i]];
                }
            }

            stride *= extent;
        }

        var data = new float[values.Length];
        for (var i = 0; i < data.Length; i++)
        {
            long rest = i, at = 0;
            for (var axis = 3; axis > 0; axis--)
                (rest, at) = (rest / shape[axis], at + (rest % shape[axis] * starts[axis]));
            data[i] = values[at];
        }

        return data.Length > 0 ? data : null;
    }

    private string? MaxPool(OnnxNode node)
    {
        if (Image(node, 0, out var problem) is not { } input)
            return problem;
        var whole = node.Op == "GlobalMaxPool";
        if (whole)
            node = node with { Attributes = [new OnnxAttribute("kernel_shape", new long[] { input.Height, input.Width })] };
        if (PoolWindows(node, input, out var rows, out var columns) is { } reason)
            return reason;
        var padding = Windows.PaddingOf(rows, columns);
        if (padding is null)
            input = Padded(node, input, new Pads(rows.Before, columns.Before, rows.Reached, columns.Reached), float.NegativeInfinity);
        var pool = new MaxPoolLayer(NameOf(node), input, Result(node, rows.Count, columns.Count, input.Channels), rows.Kernel, columns.Kernel, rows.Stride, columns.Stride, padding ?? Tflite.Padding.Valid);
        // Split pooling writes 5x5, 9x9 and 13x13 as chains of 3x3 that begin alike: the common beginnings are computed once.
        if (_layers.OfType<MaxPoolLayer>().FirstOrDefault(other => other.Window == pool.Window) is not { } same)
            return Append(node, pool);
        _views[node.Outputs[0]] = new View(same.Output);
        _uses[same.Output.Name] = _uses.GetValueOrDefault(same.Output.Name) + _uses.GetValueOrDefault(node.Outputs[0]);
        return null;
    }

    private string? AveragePool(OnnxNode node)
    {
        if (Image(node, 0, out var problem) is not { } input)
            return problem;
        if (PoolWindows(node, input, out var rows, out var columns) is { } reason)
            return reason;
        var padding = Windows.PaddingOf(rows, columns);
        if (node.Int("count_include_pad", 0) != 0 && padding != Tflite.Padding.Valid)
        {
            if (node.Int("ceil_mode", 0) != 0)
                return "ceil_mode together with count_include_pad is not known";
            (input, padding) = (Padded(node, input, new Pads(rows.Before, columns.Before, rows.Reached, columns.Reached)), Tflite.Padding.Valid);
        }

        var output = Result(node, rows.Count, columns.Count, input.Channels);
        return padding is { } same
            ? Append(node, new AveragePoolLayer(NameOf(node), input, output, rows.Kernel, columns.Kernel, rows.Stride, columns.Stride, same))
            : "its padding has no equal in TFLite";
    }

    private static string? PoolWindows(OnnxNode node, Value input, out Windows rows, out Windows columns)
    {
        rows = columns = default;
        if (node.Ints("kernel_shape") is not [> 0 and < 32768 and var height, > 0 and < 32768 and var width])
            return "only two-dimensional windows are known";
        if (node.Ints("dilations", 1, 1).Any(dilation => dilation != 1))
            return "dilations are not known";
        if (Windows.Of(node, (int)height, (int)width, input, out rows, out columns) is { } reason)
            return reason;
        if (node.Int("ceil_mode", 0) != 0)
            (rows, columns) = (rows.Ceiling(), columns.Ceiling());
        return null;
    }

    private string? Mean(OnnxNode node)
    {
        if (View(node, 0, out var problem) is not { } view)
            return problem;
        long[] wanted = node.Op == "ReduceMean" ? _constants.Longs(node, 1) ?? node.Ints("axes", [.. Enumerable.Range(0, view.Shape.Length).Select(axis => (long)axis)]) : [2, 3];
        int[] onnx = [.. wanted.Select(axis => Shapes.Axis(axis, view.Shape.Length)).Order()];
        var keeps = node.Op != "ReduceMean" || node.Int("keepdims", 1) != 0;
        int[] axes = [.. onnx.SelectMany(axis => view.Axes[axis]).Where(axis => axis != 0).Order().Distinct()];
        if (view.Layout == Layout.Flat || (!keeps && !(view.Layout == Layout.Image && onnx is [2, 3])))
            return $"the mean over the axes {string.Join(',', onnx)} of [{string.Join(',', view.Shape)}]{(keeps ? "" : " without keeping them")} is not known";
        long Extent(int axis) => axes.Contains(axis) ? 1 : view.Value.Shape[axis];
        var output = Result(node, Extent(1), Extent(2), Extent(3), view.Layout is Layout.ChannelsLast or Layout.Cells);
        return Append(node, new MeanLayer(NameOf(node), view.Value, output, axes), keeps ? view.Layout : Layout.Flat);
    }

    private string? Pad(OnnxNode node)
    {
        if (Image(node, 0, out var problem) is not { } input)
            return problem;
        if (node.Text("mode", "constant") is var mode && mode != "constant")
            return $"the mode '{mode}' has no equal in TFLite Micro";
        var pads = _constants.Longs(node, 1) ?? node.Ints("pads");
        if (_constants.Longs(node, 3) is { } axes && axes.Length * 2 == pads.Length)
        {
            var all = new long[8];
            for (var i = 0; i < axes.Length; i++)
                (all[Shapes.Axis(axes[i], 4)], all[4 + Shapes.Axis(axes[i], 4)]) = (pads[i], pads[axes.Length + i]);
            pads = all;
        }

        if (pads is not [0, 0, >= 0 and < 32768 and var top, >= 0 and < 32768 and var left, 0, 0, >= 0 and < 32768 and var bottom, >= 0 and < 32768 and var right])
            return "only a border around height and width is known";
        if (Bound(node, 2, "value", 0) is not { } fill || float.IsNaN(fill) || float.IsPositiveInfinity(fill))
            return "its value is no constant number";
        var output = Result(node, input.Height + top + bottom, input.Width + left + right, input.Channels);
        return Append(node, new PadLayer(NameOf(node), input, output, new Pads((int)top, (int)left, (int)bottom, (int)right), fill));
    }
}

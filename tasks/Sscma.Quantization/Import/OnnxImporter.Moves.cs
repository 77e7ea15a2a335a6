using Sscma.Onnx;
using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Import;

/// <content>Operators that move elements: joining, cutting, other shapes and orders, and pairs of QuantizeLinear and DequantizeLinear.</content>
internal sealed partial class OnnxImporter
{
    private string? Concat(OnnxNode node)
    {
        var views = new View[node.Inputs.Count];
        for (var i = 0; i < views.Length; i++)
        {
            if (View(node, i, out var problem) is not { } view)
                return problem;
            views[i] = view;
        }

        var rank = views[0].Shape.Length;
        if (views.Any(view => view.Shape.Length != rank))
            return "its operands have different numbers of axes";
        var axis = Shapes.Axis(node.Int("axis", 0), rank);
        if (axis == 0)
            return "images are joined along the batch";
        // What lies differently is brought to ONNX's order, all of it.
        for (var i = 0; i < views.Length && views.Any(view => view.Layout != views[0].Layout); i++)
        {
            if (views[i].Layout is not (Layout.ChannelsLast or Layout.Cells))
                views[i] = Plain($"{NameOf(node)}/operand{i}", views[i]);
        }

        var uneven = views.Any(view => view.Value.Height != views[0].Value.Height || view.Value.Width != views[0].Value.Width);
        for (var i = 0; i < views.Length; i++)
        {
            // Axes that stand for more than one of TFLite's can only be joined, or left aside, where they lie together.
            var apart = (views[i].Axes[axis].Length > 1 && views[i].Value.Count != views[i].Value.Channels) || (uneven && views[i].Layout is Layout.Cells or Layout.ChannelRows);
            if (apart && views[i].Layout == Layout.Cells)
                views[i] = views[i] with { Value = Reshaped($"{NameOf(node)}/operand{i}", views[i].Value, 1, 1, (int)views[i].Shape[1], (int)views[i].Shape[2]) };
            else if (apart && views[i].Layout == Layout.ChannelRows)
                views[i] = views[i] with { Value = Reshaped($"{NameOf(node)}/operand{i}", views[i].Value, 1, 1, (int)views[i].Shape[2], (int)views[i].Shape[1]) };
            else if (apart)
                views[i] = Plain($"{NameOf(node)}/operand{i}", views[i]);
        }

        var shape = Array.ConvertAll(views[0].Value.Shape, extent => (long)extent);
        var along = rank == 2 ? 3 : views[0].Axes[axis][^1];
        if (views.Any(view => view.Layout != views[0].Layout || view.Value.Shape.Where((extent, i) => i != along && extent != shape[i]).Any()))
            return $"its operands have different sizes: {string.Join(", ", views.Select(view => $"[{string.Join(',', view.Shape)}]"))}";
        shape[along] = views.Sum(view => (long)view.Value.Shape[along]);
        var output = Result(node, shape[1], shape[2], shape[3], views[0].Layout is Layout.ChannelsLast or Layout.Cells);
        return Append(node, new ConcatLayer(NameOf(node), [.. views.Select(view => view.Value)], output, along), views[0].Layout);
    }

    private string? Split(OnnxNode node)
    {
        if (View(node, 0, out var problem) is not { } view)
            return problem;
        var axis = Shapes.Axis(node.Int("axis", 0), view.Shape.Length);
        var (extent, count) = (view.Shape[axis], node.Outputs.Count);
        var sizes = _constants.Longs(node, 1) ?? (node.Has("split") ? node.Ints("split") : null);
        if (sizes is null && node.Inputs.Count > 1 && node.Inputs[1].Length > 0)
            return "its sizes are no constant";
        var each = (extent + count - 1) / count;
        sizes ??= [.. Enumerable.Range(0, count).Select(i => Math.Min(each, extent - (i * each)))];
        if (sizes.Length != count || sizes.Any(size => size is < 1 or > int.MaxValue) || sizes.Sum() != extent)
            return $"the sizes {string.Join(',', sizes)} do not fit {extent}";
        long begin = 0;
        for (var i = 0; i < count; i++)
        {
            if (Cut(node with { Outputs = [node.Outputs[i]] }, view, axis, begin, sizes[i], 1) is { } reason)
                return reason;
            begin += sizes[i];
        }

        return null;
    }

    private string? Slice(OnnxNode node)
    {
        if (View(node, 0, out var problem) is not { } view)
            return problem;
        for (var operand = 1; operand < node.Inputs.Count; operand++)
        {
            if (node.Inputs[operand].Length > 0 && IndicesOf(node, operand) is null)
                return "its starts and ends are no constants";
        }

        var starts = IndicesOf(node, 1) ?? node.Ints("starts");
        var ends = IndicesOf(node, 2) ?? node.Ints("ends");
        var axes = IndicesOf(node, 3) ?? (node.Has("axes") ? node.Ints("axes") : null);
        var cut = Shapes.Cut(view.Shape, starts, ends, axes, IndicesOf(node, 4));
        int[] changed = [.. Enumerable.Range(0, cut.Length).Where(axis => cut[axis] != (0, view.Shape[axis], 1))];
        if (changed.Length == 0)
            return Alias(node);
        if (Array.Exists(changed, axis => cut[axis].Step < 0))
            return "a step below zero is not known";
        // One axis after the other: each is a node of its own to the views.
        for (var i = 0; i < changed.Length; i++)
        {
            var (begin, count, step) = cut[changed[i]];
            var part = i == changed.Length - 1 ? node : node with { Outputs = [$"{node.Outputs[0]}/axis{changed[i]}"] };
            if (Cut(part, view, changed[i], begin, count, step) is { } reason)
                return reason;
            view = _views[part.Outputs[0]]!;
        }

        return Joined(node, changed.Length);
    }

    /// <summary>Makes one layer of the last slices.</summary>
    private string? Joined(OnnxNode node, int count)
    {
        if (count < 2 || _layers[^count..].Any(layer => layer is not SliceLayer))
            return null;
        var (slices, first) = (_layers[^count..].Cast<SliceLayer>().ToList(), (SliceLayer)_layers[^count]);
        var (begins, steps) = ((int[])first.Begins.Clone(), (int[])first.Steps.Clone());
        foreach (var slice in slices[1..])
        {
            for (var axis = 0; axis < 4; axis++)
            {
                begins[axis] += slice.Begins[axis] * steps[axis];
                steps[axis] *= slice.Steps[axis];
            }
        }

        var layout = _views[node.Outputs[0]]!.Layout;
        _layers.RemoveRange(_layers.Count - count, count);
        return Append(node, new SliceLayer(NameOf(node), first.Input, slices[^1].Output, begins, steps), layout);
    }

    private long[]? IndicesOf(OnnxNode node, int operand) =>
        _constants.Find(node, operand) is { Type: OnnxType.Int64 or OnnxType.Int32 } tensor && Numbers.Of(tensor) is { } numbers
            ? Array.ConvertAll(numbers.Data, value => (long)value)
            : null;

    private string? Cut(OnnxNode node, View view, int axis, long begin, long count, long step)
    {
        if (axis == 0)
            return "the batch is cut";
        if (view.Axes[axis] is not [var one])
        {
            if (view.Layout == Layout.Flat && view.Value.Count != view.Value.Channels)
                view = Plain($"{node.Outputs[0]}/order", view);
            else if (view.Layout == Layout.Cells)
                view = view with { Value = Reshaped($"{node.Outputs[0]}/row", view.Value, 1, 1, view.Value.Height * view.Value.Width, view.Value.Channels) };
            else if (view.Layout == Layout.ChannelRows)
                view = view with { Value = Reshaped($"{node.Outputs[0]}/row", view.Value, 1, 1, view.Value.Height * view.Value.Width, view.Value.Channels) };
            one = view.Layout == Layout.Flat ? 3 : 2;
        }

        var shape = Array.ConvertAll(view.Value.Shape, extent => (long)extent);
        shape[one] = count;
        int[] begins = [0, 0, 0, 0], steps = [1, 1, 1, 1];
        (begins[one], steps[one]) = ((int)begin, (int)step);
        var output = Result(node, shape[1], shape[2], shape[3], view.Layout is Layout.ChannelsLast or Layout.Cells);
        return Append(node, new SliceLayer(NameOf(node), view.Value, output, begins, steps), view.Layout);
    }

    private string? Transpose(OnnxNode node)
    {
        if (View(node, 0, out var problem) is not { } view)
            return problem;
        var shape = view.Shape;
        var axes = node.Ints("perm", [.. Enumerable.Range(0, shape.Length).Reverse().Select(axis => (long)axis)]);
        if (!axes.Order().SequenceEqual(Enumerable.Range(0, shape.Length).Select(axis => (long)axis)))
            return $"the axes {string.Join(',', axes)} do not fit [{string.Join(',', shape)}]";
        if (view.Transposed(axes) is { } changed)
            return Alias(node, changed);
        if (axes[0] != 0 || shape.Length != 4)
            return "the batch changes its place";
        int[] moved = [.. axes.Select(axis => view.Axes[(int)axis][0])];
        var output = Result(node, shape[axes[1]], shape[axes[2]], shape[axes[3]], channelsLast: true);
        return Append(node, new TransposeLayer(NameOf(node), view.Value, output, moved), Layout.ChannelsLast);
    }

    private string? Reshape(OnnxNode node)
    {
        if (node.Inputs.Count < 2 && node.Has("shape"))
            return Rearrange(node, (shape, _) => Shapes.Resolve(node.Ints("shape"), shape, zeroIsZero: false), 0L);
        return _constants.Longs(node, 1) is { } wanted
            ? Rearrange(node, (shape, _) => Shapes.Resolve(wanted, shape, node.Int("allowzero", 0) != 0), 0L)
            : "its shape is no constant";
    }

    private string? Squeeze(OnnxNode node)
    {
        var axes = _constants.Longs(node, 1) ?? (node.Has("axes") ? node.Ints("axes") : null);
        return Rearrange(node, Shapes.Squeezed, axes);
    }

    private string? Unsqueeze(OnnxNode node) =>
        (_constants.Longs(node, 1) ?? (node.Has("axes") ? node.Ints("axes") : null)) is { } axes ? Rearrange(node, Shapes.Unsqueezed, axes) : "its axes are no constant";

    /// <summary>The same elements in ONNX's order under another shape: a change of layout where that says it, else elements are moved.</summary>
    private string? Rearrange<T>(OnnxNode node, Func<long[], T, long[]> change, T how)
    {
        if (View(node, 0, out var problem) is not { } view)
            return problem;
        var shape = change(view.Shape, how);
        if (view.Shape.SequenceEqual(shape))
            return Alias(node, view);
        if (view.Reshaped(shape) is { } changed)
            return Alias(node, changed);
        var given = shape.Length == 5 && _five.ContainsKey(node.Outputs[0]);
        if (shape is not [1, ..] || (shape.Length > 4 && !given) || shape.Length < 2)
            return $"the shape [{string.Join(',', shape)}] is not known; it must begin with the batch 1 and have 2 to 4 axes, or make two axes of an image's channels";

        var plain = view.IsPlain ? view.Value : Plain($"{NameOf(node)}/order", view).Value;
        if (given)
            return Append(node, new ReshapeLayer(NameOf(node), plain, new Value(node.Outputs[0], Array.ConvertAll(shape, extent => (int)extent)) { ChannelsLast = true }), Layout.ChannelsLast);
        int[] extents = [.. Enumerable.Repeat(1, 4 - shape.Length), .. shape.Select(extent => (int)extent)];
        var layout = shape.Length switch { 4 => Layout.ChannelsLast, 3 => Layout.Cells, _ => Layout.Flat };
        if (layout != Layout.Flat && extents[1] == 1 && extents[2] == 1 && shape.Length == 4)
            layout = Layout.ChannelsLast;
        // An image of one pixel, or of one channel, is the same in both orders.
        if (shape is [1, var channels, 1, 1])
            (extents, layout) = ([1, 1, 1, (int)channels], Layout.Image);
        else if (shape is [1, 1, var height, var width])
            (extents, layout) = ([1, (int)height, (int)width, 1], Layout.Image);
        var output = Result(node, extents[1], extents[2], extents[3], layout is Layout.ChannelsLast or Layout.Cells);
        if (plain.Shape.SequenceEqual(extents))
            return Alias(node, new View(plain, layout));
        return Append(node, new ReshapeLayer(NameOf(node), plain, output), layout);
    }

    private string? Alias(OnnxNode node) => View(node, 0, out var problem) is { } view ? Alias(node, view) : problem;

    /// <summary>Gives a value another name.</summary>
    private string? Alias(OnnxNode node, View view)
    {
        _views[node.Outputs[0]] = view;
        // The value is used once more under its new name, less this node.
        _uses[view.Value.Name] = _uses.GetValueOrDefault(view.Value.Name) + _uses.GetValueOrDefault(node.Outputs[0]) - 1;
        return null;
    }

    /// <summary>Values that the file says the codes of keep them; the pair itself vanishes, unless it is the second one and says something else.</summary>
    private string? Quantize(OnnxNode node)
    {
        if (View(node, 0, out var problem) is not { } view)
            return problem;
        if (_constants.Floats(node, 1) is not [> 0 and < float.MaxValue and var scale])
            return "its scale is no constant number above zero";
        var zero = _constants.Find(node, 2);
        var named = node.Inputs.Count > 2 && node.Inputs[2].Length > 0;
        if ((named && zero is null) || StoredCodes.CodesOf(scale, zero, zero?.Type ?? OnnxType.UInt8) is not { } codes)
            return "its zero point is no constant signed or unsigned byte, nor a zero of 16 bits";
        _coded[node.Outputs[0]] = codes;
        return Alias(node, view);
    }

    private string? Dequantize(OnnxNode node)
    {
        if (!_coded.TryGetValue(node.Inputs[0], out var codes))
            return View(node, 0, out var problem) is null ? problem : "its operand is no result of a QuantizeLinear";
        if (_views.GetValueOrDefault(node.Inputs[0]) is not { } view)
            return "";
        if (_constants.Floats(node, 1) is not [var scale] || scale != codes.Scale)
            return "its scale is not that of the QuantizeLinear before it";
        if (view.Value.Given is not { } before || before == codes)
        {
            view.Value.Given = codes;
            return Alias(node, view);
        }

        // The same value in other codes: what an operand of a concatenation may need.
        var again = ResultLike(node, view);
        again.Given = codes;
        return Append(node, new RequantizeLayer(NameOf(node), view.Value, again), view.Layout);
    }
}

using Sscma.Onnx;

namespace Sscma.Quantization.Import;

/// <content>
/// Values of five axes, of which TFLite's operators know four: what a Reshape makes of an image's channels, (1, G, K, H, W). A Transpose of it only says what its axes
/// are now; elements move once, where an image or a list is made of it again. So it is with ShuffleNet's channels and with the anchors of YOLO's heads.
/// </content>
internal sealed partial class OnnxImporter
{
    private readonly Dictionary<string, FiveAxes> _five = new(StringComparer.Ordinal);

    /// <summary>The nodes of four axes that compute the same; null where there are no five, or where a problem stands in the way.</summary>
    private List<OnnxNode>? InFourAxes(OnnxNode node, out string? problem)
    {
        problem = null;
        if (!node.Inputs.Any(_five.ContainsKey))
            return node.Op == "Reshape" ? Opened(node) : null;
        if (node.Inputs.Select(name => _five.GetValueOrDefault(name)).OfType<FiveAxes>().Any(operand => _views.GetValueOrDefault(operand.Name) is null))
        {
            problem = "";
            return null;
        }

        var parts = node.Op switch
        {
            "Add" or "Sub" or "Mul" or "Div" => Paired(node, out problem),
            // All others take their value first, and what comes after it has no five axes.
            _ when !_five.ContainsKey(node.Inputs[0]) => null,
            "Transpose" => Turned(node, out problem),
            "Reshape" or "Flatten" => Closed(node, out problem),
            "Split" or "Concat" or "Softmax" => AlongAxis(node, out problem),
            "Slice" => Sliced(node, out problem),
            "Relu" or "Clip" or "LeakyRelu" or "Sigmoid" or "HardSigmoid" or "HardSwish" or "Tanh" or "Neg" or "Pow" or "Identity" or "Dropout" or "QuantizeLinear" or "DequantizeLinear"
                => Same(node, _five[node.Inputs[0]]),
            _ => null,
        };
        if (parts is null)
            problem ??= $"its operand [{string.Join(',', ShapeOf(node.Inputs.First(_five.ContainsKey))!)}] has five axes, which it cannot take here";
        return parts;
    }

    /// <summary>The shape of a computed value in ONNX; null where it is not known.</summary>
    private long[]? ShapeOf(string name) =>
        _five.TryGetValue(name, out var five) ? _views.GetValueOrDefault(five.Name) is { } view ? five.ShapeOf(view.Shape) : null : _views.GetValueOrDefault(name)?.Shape;

    /// <summary>An image whose channels become two axes.</summary>
    private List<OnnxNode>? Opened(OnnxNode node)
    {
        var result = node.Outputs[0];
        if (_five.ContainsKey(result) || _views.GetValueOrDefault(node.Inputs[0])?.Shape is not [1, _, var height, var width] shape
            || (_constants.Longs(node, 1) ?? (node.Has("shape") ? node.Ints("shape") : null)) is not { Length: 5 } wanted
            || Shapes.Resolve(wanted, shape, node.Int("allowzero", 0) != 0) is not [1, var groups, var each, var rows, var columns]
            || (rows, columns) != (height, width))
            return null;
        var (last, four) = ($"{result}/last", $"{result}/four");
        Note(result, new FiveAxes(four, FiveAxes.Opened, height, width));
        return
        [
            OnnxNode.Of("Transpose", $"{NameOf(node)}/last", [node.Inputs[0]], last, ("perm", new long[] { 0, 2, 3, 1 })),
            OnnxNode.Of("Reshape", $"{NameOf(node)}/four", [last, Constant($"{four}/shape", 1, height * width, groups, each)], four),
        ];
    }

    private List<OnnxNode>? Turned(OnnxNode node, out string? problem)
    {
        problem = null;
        var five = _five[node.Inputs[0]];
        var axes = node.Ints("perm", [4, 3, 2, 1, 0]);
        if (axes.Length != 5 || axes[0] != 0 || !axes.Order().SequenceEqual([0, 1, 2, 3, 4]))
        {
            problem = $"the axes {string.Join(',', axes)} do not fit, or the batch changes its place";
            return null;
        }

        var parts = Same(node with { Op = "Identity", Attributes = [] }, five);
        _five[node.Outputs[0]] = _five[node.Outputs[0]] with { Order = [.. axes.Select(axis => five.Order[axis])] };
        return parts;
    }

    /// <summary>Fewer axes again, or another name for the same five.</summary>
    private List<OnnxNode>? Closed(OnnxNode node, out string? problem)
    {
        problem = null;
        var (five, shape, result) = (_five[node.Inputs[0]], ShapeOf(node.Inputs[0])!, node.Outputs[0]);
        var wanted = node.Op == "Flatten" ? Shapes.Flattened(shape, node.Int("axis", 1))
            : (_constants.Longs(node, 1) ?? (node.Has("shape") ? node.Ints("shape") : null)) is { } target ? Shapes.Resolve(target, shape, node.Int("allowzero", 0) != 0) : null;
        if (wanted is null)
            problem = "its shape is no constant";
        else if (wanted.SequenceEqual(shape))
            return Same(node with { Op = "Identity", Inputs = [node.Inputs[0]], Attributes = [] }, five);
        else if (!five.IsTogether)
            problem = $"rows and columns lie apart in its operand [{string.Join(',', shape)}]";
        if (problem is not null)
            return null;

        Forget(five);
        List<OnnxNode> parts = [];
        // An image: its channels are brought together, and stay last.
        if (five.Order is [0, var outer, var inner, 3, 4] && wanted is [1, var channels, var height, var width] && (height, width) == (five.Height, five.Width))
        {
            var value = Turn(node, parts, five.Name, outer < inner ? [0, 1, 2, 3] : [0, 1, 3, 2]);
            parts.Add(OnnxNode.Of("Reshape", $"{NameOf(node)}/image", [value, Constant($"{result}/image.shape", 1, height, width, channels)], $"{result}/image"));
            parts.Add(OnnxNode.Of("Transpose", NameOf(node), [$"{result}/image"], result, ("perm", new long[] { 0, 3, 1, 2 })));
            return parts;
        }

        var list = Turn(node, parts, five.Name, five.Turn);
        parts.Add(OnnxNode.Of("Reshape", NameOf(node), [list, Constant($"{result}/list.shape", wanted!)], result));
        return parts;
    }

    private static string Turn(OnnxNode node, List<OnnxNode> parts, string value, long[] axes)
    {
        if (axes is [0, 1, 2, 3])
            return value;
        var turned = $"{node.Outputs[0]}/turned";
        parts.Add(OnnxNode.Of("Transpose", $"{NameOf(node)}/turned", [value], turned, ("perm", axes)));
        return turned;
    }

    private List<OnnxNode>? AlongAxis(OnnxNode node, out string? problem)
    {
        problem = null;
        FiveAxes?[] operands = [.. node.Inputs.Take(node.Op == "Concat" ? node.Inputs.Count : 1).Select(name => _five.GetValueOrDefault(name))];
        var first = operands.OfType<FiveAxes>().First();
        var place = first.PlaceOf(Shapes.Axis(node.Int("axis", node.Op == "Softmax" ? -1 : 0), 5));
        if (operands.Any(operand => operand?.IsLike(first) != true) || place is null || (node.Op == "Softmax" && _model.Opset < 13))
        {
            problem = "of five axes, rows and columns must stay whole, and operands must have them in the same order";
            return null;
        }

        return Same(node with { Attributes = [.. node.Attributes.Where(attribute => attribute.Name != "axis"), new OnnxAttribute("axis", (long)place)] }, first);
    }

    private List<OnnxNode>? Sliced(OnnxNode node, out string? problem)
    {
        problem = null;
        var five = _five[node.Inputs[0]];
        if (Enumerable.Range(1, node.Inputs.Count - 1).Any(operand => node.Inputs[operand].Length > 0 && IndicesOf(node, operand) is null))
        {
            problem = "its starts and ends are no constants";
            return null;
        }

        var shape = ShapeOf(node.Inputs[0])!;
        var cut = Shapes.Cut(
            shape, IndicesOf(node, 1) ?? node.Ints("starts"), IndicesOf(node, 2) ?? node.Ints("ends"), IndicesOf(node, 3) ?? (node.Has("axes") ? node.Ints("axes") : null), IndicesOf(node, 4));
        int[] changed = [.. Enumerable.Range(0, 5).Where(axis => cut[axis] != (0, shape[axis], 1))];
        if (changed.Any(axis => five.PlaceOf(axis) is null || cut[axis].Step < 0))
        {
            problem = "of five axes, rows and columns must stay whole; a step below zero is not known";
            return null;
        }

        var result = node.Outputs[0];
        return Same(new OnnxNode("Slice", NameOf(node),
        [
            node.Inputs[0],
            Constant($"{result}/starts", [.. changed.Select(axis => cut[axis].Begin)]),
            Constant($"{result}/ends", [.. changed.Select(axis => cut[axis].Begin + (((cut[axis].Count - 1) * cut[axis].Step) + 1))]),
            Constant($"{result}/axes", [.. changed.Select(axis => (long)five.PlaceOf(axis)!)]),
            Constant($"{result}/steps", [.. changed.Select(axis => cut[axis].Step)]),
        ], [result], []), five);
    }

    private List<OnnxNode>? Paired(OnnxNode node, out string? problem)
    {
        problem = null;
        if (node.Inputs.Count != 2)
        {
            problem = "it must have two operands";
            return null;
        }

        var (a, b) = (_five.GetValueOrDefault(node.Inputs[0]), _five.GetValueOrDefault(node.Inputs[1]));
        var five = a ?? b!;
        if (a is not null && b is not null)
            return a.IsLike(b) ? Same(node, five) : null;
        var side = a is null ? 0 : 1;
        if (_constants.Find(node, side) is not { } constant || Constants.Floats(constant) is not { } values)
            return null;
        if (five.Lay(values, constant.Shape, ShapeOf(node.Inputs[1 - side])!, out var four) is not { } laid)
        {
            problem = $"its constant operand [{string.Join(',', constant.Shape)}] does not spread over [{string.Join(',', ShapeOf(node.Inputs[1 - side])!)}]";
            return null;
        }

        var other = Constant($"{node.Outputs[0]}/constant", laid, four);
        return Same(node with { Inputs = side == 0 ? [other, node.Inputs[1]] : [node.Inputs[0], other] }, five);
    }

    /// <summary>The node itself, on values of four axes; its results have the operand's five.</summary>
    private List<OnnxNode> Same(OnnxNode node, FiveAxes five)
    {
        foreach (var operand in node.Inputs.Select(name => _five.GetValueOrDefault(name)).OfType<FiveAxes>())
            Forget(operand);
        foreach (var result in node.Outputs)
            Note(result, five with { Name = $"{result}/four" });
        return [node with { Inputs = [.. node.Inputs.Select(name => _five.GetValueOrDefault(name)?.Name ?? name)], Outputs = [.. node.Outputs.Select(name => $"{name}/four")] }];
    }

    /// <summary>Reads the nodes of four axes in the place of one of five. A result that the graph gives away is made once more, as it lies in ONNX.</summary>
    private string? ReplaceFive(OnnxNode node, List<OnnxNode> parts)
    {
        Replace(node, parts);
        foreach (var result in node.Outputs.Where(name => _five.ContainsKey(name) && _model.Outputs.Exists(output => output.Name == name)))
        {
            if (ShapeOf(result) is not { } shape)
                continue;
            var five = _five[result];
            if (!five.IsTogether)
                return $"rows and columns lie apart in the output '{result}' [{string.Join(',', shape)}]";
            Forget(five);
            var given = node with { Name = $"{NameOf(node)}/given", Inputs = [], Outputs = [result] };
            List<OnnxNode> last = [];
            var list = Turn(given, last, five.Name, five.Turn);
            last.Add(OnnxNode.Of("Reshape", given.Name, [list, Constant($"{result}/given.shape", shape)], result));
            Replace(given, last);
        }

        return null;
    }

    private void Note(string result, FiveAxes five)
    {
        _five[result] = five;
        _uses[five.Name] = _uses.GetValueOrDefault(result);
    }

    // A consumer is replaced by parts, which are counted anew.
    private void Forget(FiveAxes operand) => _uses[operand.Name]--;
}

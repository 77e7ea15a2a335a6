using Sscma.Onnx;

namespace Sscma.Quantization.Import;

/// <content>
/// Nodes that TFLite has no operator for, taken apart. The parts are ONNX nodes again, so that calibration watches what lies between them.
/// </content>
internal sealed partial class OnnxImporter
{
    /// <summary>The nodes that compute the same; null where the node is taken as it is, or where a problem stands in the way.</summary>
    private List<OnnxNode>? Expand(OnnxNode node, out string? problem)
    {
        problem = null;
        return node.Op switch
        {
            "Conv" => Grouped(node),
            "Clip" => Clipped(node),
            "PRelu" => Sloped(node, out problem),
            "AveragePool" => Averaged(node, out problem),
            "Pow" => Powered(node, out problem),
            "Sum" => Summed(node),
            "Gather" => Gathered(node),
            "HardSwish" when !_hasHardSwish => Swished(node),
            _ => null,
        };
    }

    /// <summary>A sum of any number of values: one after the other is added.</summary>
    private static List<OnnxNode> Summed(OnnxNode node)
    {
        var (name, result, last) = (NameOf(node), node.Outputs[0], node.Inputs.Count - 1);
        if (last < 1)
            return [node with { Op = "Identity" }];
        string After(int operand) => operand == 0 ? node.Inputs[0] : operand == last ? result : $"{result}/sum{operand}";
        return [.. Enumerable.Range(1, last).Select(operand => OnnxNode.Of("Add", last == 1 ? name : $"{name}/add{operand}", [After(operand - 1), node.Inputs[operand]], After(operand)))];
    }

    /// <summary>A convolution of groups: the channels are cut apart, convolved and joined. Groups of one channel are depthwise convolutions.</summary>
    private List<OnnxNode>? Grouped(OnnxNode node)
    {
        var groups = node.Int("group", 1);
        if (groups <= 1 || _constants.Find(node, 1) is not { Shape: [var outputs, > 1 and var depth, var height, var width] } kernel
            || outputs % groups != 0 || groups > outputs || Constants.Floats(kernel) is not { } weights)
            return null;
        var bias = node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? _constants.Floats(node, 2) : new float[outputs];
        if (bias?.Length != outputs)
            return null;
        var (name, result, each) = (NameOf(node), node.Outputs[0], (int)(outputs / groups));
        var size = weights.Length / (int)groups;
        string[] parts = [.. Enumerable.Range(0, (int)groups).Select(group => $"{result}/group{group}")];
        long[] sizes = [.. Enumerable.Repeat(depth, (int)groups)];
        string[] cut = [.. parts.Select(part => $"{part}/in")];
        // The nodes have the form of the file's own version: sizes are an operand from 13 on.
        List<OnnxNode> nodes =
        [
            _model.Opset < 13
                ? new("Split", $"{name}/split", [node.Inputs[0]], cut, [new OnnxAttribute("axis", 1L), new OnnxAttribute("split", sizes)])
                : new("Split", $"{name}/split", [node.Inputs[0], Constant($"{result}/sizes", sizes)], cut, [new OnnxAttribute("axis", 1L)]),
        ];
        OnnxAttribute[] attributes = [.. node.Attributes.Where(attribute => attribute.Name != "group")];
        for (var group = 0; group < parts.Length; group++)
        {
            var own = Constant($"{parts[group]}/weight", weights[(group * size)..((group + 1) * size)], each, depth, height, width);
            var added = Constant($"{parts[group]}/bias", bias[(group * each)..((group + 1) * each)], each);
            nodes.Add(new OnnxNode("Conv", $"{name}/group{group}", [$"{parts[group]}/in", own, added], [parts[group]], attributes));
        }

        nodes.Add(OnnxNode.Of("Concat", $"{name}/join", parts, result, ("axis", 1L)));
        return nodes;
    }

    /// <summary>
    /// Other bounds by way of 0..6, which TFLite cuts at: y = low + (high - low) / 6 · relu6((x - low) · 6 / (high - low)). With one bound ReLU does it.
    /// </summary>
    private List<OnnxNode>? Clipped(OnnxNode node)
    {
        if (Bounds(node) is not { } bounds)
            return null;
        var (low, high) = bounds;
        var (open, openAbove) = (low <= float.MinValue, high >= float.MaxValue);
        if (!(low < high) || (low, high) is (0, 6) or (0, 1) or (-1, 1) || (open && openAbove) || (low == 0 && openAbove))
            return null;
        if (!open && !openAbove)
        {
            var width = high - low;
            return Chain(node, 6 / width, -low * 6 / width, 6, width / 6, low);
        }

        return open ? Chain(node, -1, high, null, -1, high) : Chain(node, 1, -low, null, 1, low);
    }

    /// <summary>y = after · relu(before · x + plus) + offset, with ReLU6 on request.</summary>
    private List<OnnxNode> Chain(OnnxNode node, float before, float plus, float? top, float after, float offset)
    {
        var (name, result) = (NameOf(node), node.Outputs[0]);
        List<OnnxNode> nodes = [];
        var value = node.Inputs[0];
        void Step(string op, string suffix, float constant)
        {
            var neutral = op == "Mul" ? 1 : 0;
            if (constant == neutral)
                return;
            nodes.Add(OnnxNode.Of(op, $"{name}/{suffix}", [value, Constant($"{result}/{suffix}.by", [constant])], $"{result}/{suffix}"));
            value = $"{result}/{suffix}";
        }

        Step("Mul", "widen", before);
        Step("Add", "shift", plus);
        nodes.Add(top switch
        {
            null => OnnxNode.Of("Relu", $"{name}/cut", [value], $"{result}/cut"),
            // Bounds are operands from version 11 on.
            { } most when _model.Opset < 11 => OnnxNode.Of("Clip", $"{name}/cut", [value], $"{result}/cut", ("min", 0f), ("max", most)),
            { } most => OnnxNode.Of("Clip", $"{name}/cut", [value, Constant($"{result}/low", [0f]), Constant($"{result}/high", [most])], $"{result}/cut"),
        });
        value = $"{result}/cut";
        Step("Mul", "narrow", after);
        Step("Add", "unshift", offset);
        nodes[^1] = nodes[^1] with { Outputs = [result] };
        return nodes;
    }

    /// <summary>y = slope · x + relu((1 - slope) · x): slopes of 1 at most. Where all slopes are one, it is a LeakyRelu.</summary>
    private List<OnnxNode>? Sloped(OnnxNode node, out string? problem)
    {
        problem = null;
        var constant = _constants.Find(node, 1);
        if (constant is null || Constants.Floats(constant) is not { Length: > 0 } slopes)
        {
            problem = "its slopes are no float constant";
            return null;
        }

        if (!slopes.All(slope => slope <= 1))
        {
            problem = "a slope is greater than 1";
            return null;
        }

        var (name, result, input) = (NameOf(node), node.Outputs[0], node.Inputs[0]);
        if (slopes.All(slope => slope == slopes[0]))
            return [OnnxNode.Of("LeakyRelu", name, [input], result, ("alpha", slopes[0]))];
        var below = Constant($"{result}/slopes", slopes, constant.Shape);
        var above = Constant($"{result}/rest", Array.ConvertAll(slopes, slope => 1 - slope), constant.Shape);
        return
        [
            OnnxNode.Of("Mul", $"{name}/below", [input, below], $"{result}/below"),
            OnnxNode.Of("Mul", $"{name}/wide", [input, above], $"{result}/wide"),
            OnnxNode.Of("Relu", $"{name}/above", [$"{result}/wide"], $"{result}/above"),
            OnnxNode.Of("Add", name, [$"{result}/below", $"{result}/above"], result),
        ];
    }

    /// <summary>A square is a product; other powers have no operator.</summary>
    private List<OnnxNode>? Powered(OnnxNode node, out string? problem)
    {
        problem = null;
        if (_constants.Floats(node, 1) is [2 or 1] exponent)
            return [exponent[0] == 2 ? node with { Op = "Mul", Inputs = [node.Inputs[0], node.Inputs[0]] } : node with { Op = "Identity", Inputs = [node.Inputs[0]] }];
        problem = "only the constant power 2 is known";
        return null;
    }

    /// <summary>y = x · clamp(x / 6 + 1/2, 0, 1).</summary>
    private static List<OnnxNode> Swished(OnnxNode node)
    {
        var (name, result, input) = (NameOf(node), node.Outputs[0], node.Inputs[0]);
        return
        [
            OnnxNode.Of("HardSigmoid", $"{name}/slope", [input], $"{result}/slope", ("alpha", 1 / 6f), ("beta", 0.5f)),
            OnnxNode.Of("Mul", name, [input, $"{result}/slope"], result),
        ];
    }

    /// <summary>
    /// A mean over windows that TFLite places elsewhere, and that counts the image only: zeros are added and counted, and a factor
    /// for each place takes back that they were.
    /// </summary>
    private List<OnnxNode>? Averaged(OnnxNode node, out string? problem)
    {
        if (Image(node, 0, out problem!) is not { } input)
            return null;
        problem = null;
        if (node.Int("count_include_pad", 0) != 0 || PoolWindows(node, input, out var rows, out var columns) is not null || Windows.PaddingOf(rows, columns) is not null)
            return null;
        var result = node.Outputs[0];
        var factors = new float[rows.Count * columns.Count];
        for (var i = 0; i < factors.Length; i++)
            factors[i] = (float)rows.Kernel * columns.Kernel / ((float)rows.Inside(i / columns.Count) * columns.Inside(i % columns.Count));
        OnnxAttribute[] attributes =
        [
            new("kernel_shape", new long[] { rows.Kernel, columns.Kernel }), new("strides", new long[] { rows.Stride, columns.Stride }),
            new("pads", new long[] { rows.Before, columns.Before, rows.Reached, columns.Reached }), new("count_include_pad", 1L),
        ];
        return
        [
            new OnnxNode("AveragePool", $"{NameOf(node)}/zeros", node.Inputs, [$"{result}/zeros"], attributes),
            OnnxNode.Of("Mul", NameOf(node), [$"{result}/zeros", Constant($"{result}/factors", factors, 1, 1, rows.Count, columns.Count)], result),
        ];
    }
}

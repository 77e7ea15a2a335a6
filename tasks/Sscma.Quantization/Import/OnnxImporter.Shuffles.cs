using Sscma.Onnx;

namespace Sscma.Quantization.Import;

/// <content>
/// A shuffle of channels as ShuffleNet V2 is often written: <c>[1, C, H, W]</c> becomes <c>[C/G, G, H·W]</c>, is turned to <c>[G, C/G, H·W]</c>, becomes <c>[G, 1, C/G, H, W]</c>, and a
/// Gather takes each part out. The images that lie between have no batch of their own, but each part is every G-th channel.
/// </content>
internal sealed partial class OnnxImporter
{
    private readonly Dictionary<string, (string Image, long Groups)> _shuffled = new(StringComparer.Ordinal);
    private readonly HashSet<string> _passed = new(StringComparer.Ordinal);

    /// <summary>Whether the node is the first, second or third of a shuffle, whose Gathers tell all.</summary>
    private bool IsOfShuffle(OnnxNode node)
    {
        if (node.Outputs is not [var result])
            return false;
        if (_passed.Contains(result))
            return true;
        if (node.Op != "Reshape" || _constants.Longs(node, 1) is not [var depth, > 1 and var groups, _]
            || View(node, 0, out _) is not { Shape: [1, var channels, var height, var width] } || depth * groups != channels
            || OnlyReader(result) is not { Op: "Transpose", Outputs: [var turned] } turn || !turn.Ints("perm").SequenceEqual([1L, 0, 2])
            || OnlyReader(turned) is not { Op: "Reshape", Outputs: [var parts] } last
            || _constants.Longs(last, 1) is not [var first, 1 or -1, var again, var rows, var columns] || (first, again, rows, columns) != (groups, depth, height, width)
            || !Readers(parts).All(reader => reader.Op == "Gather" && reader.Int("axis", 0) == 0) || _model.Outputs.Any(output => output.Name == parts))
            return false;
        _uses[node.Inputs[0]]--;
        _shuffled[parts] = (node.Inputs[0], groups);
        _passed.UnionWith([turned, parts]);
        return true;
    }

    /// <summary>A part of a shuffle: every G-th channel.</summary>
    private List<OnnxNode>? Gathered(OnnxNode node)
    {
        if (!_shuffled.TryGetValue(node.Inputs[0], out var shuffle) || _model.Opset < 10 || _constants.Longs(node, 1) is not [var index] || index < -shuffle.Groups || index >= shuffle.Groups)
            return null;
        var (result, from) = (node.Outputs[0], index < 0 ? index + shuffle.Groups : index);
        return
        [
            OnnxNode.Of(
                "Slice",
                NameOf(node),
                [shuffle.Image, Constant($"{result}/from", from), Constant($"{result}/to", long.MaxValue), Constant($"{result}/axes", 1), Constant($"{result}/steps", shuffle.Groups)],
                result),
        ];
    }

    private IEnumerable<OnnxNode> Readers(string value) => _model.Nodes.Where(node => node.Inputs.Contains(value));

    private OnnxNode? OnlyReader(string value) => _uses.GetValueOrDefault(value) == 1 && Readers(value).Take(2).ToList() is [var reader] ? reader : null;
}

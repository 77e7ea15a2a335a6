namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Adds a border: Pad fills it with the real value 0, PadV2 with a constant. Inputs are the tensor, (rank, 2) border sizes, the constant.</summary>
internal static class Pad
{
    public static Rearrangement Create(Node node)
    {
        var (input, output) = (node.Input(0), node.Output());
        var borders = node.Numbers(1);
        var rank = input.Rank;
        node.Require(borders.Length == 2 * rank && borders.All(border => border >= 0), "needs two borders for each axis");
        node.RequireShape(output, [.. Enumerable.Range(0, rank).Select(k => input.Shape[k] + borders[2 * k] + borders[(2 * k) + 1])]);
        return new Rearrangement(
            node, input, output, output.Shape, (k, i) => i - borders[2 * k], [.. Enumerable.Range(0, rank)], node.Code == BuiltinOperator.Pad ? Zero(output) : Constant(node, output));
    }

    private static byte[] Zero(Operand output) =>
        output.Type is TensorType.Int8 or TensorType.UInt8 ? [(byte)output.ZeroPoint] : new byte[output.Type.Size()];

    private static byte[] Constant(Node node, Operand output)
    {
        var constant = node.Input(2, output.Type);
        node.Require(constant is { IsConstant: true, Count: 1 }, "needs one constant as border");
        return constant.Bytes.ToArray();
    }
}

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Exchanges axes: axis k of the output is axis permutation[k] of the input.</summary>
internal static class Transpose
{
    public static Rearrangement Create(Node node)
    {
        var (input, output) = (node.Input(0), node.Output());
        var permutation = node.Numbers(1).Select(axis => node.Axis(axis, input.Rank)).ToArray();
        node.Require(permutation.Length == input.Rank && permutation.Distinct().Count() == input.Rank, $"has the permutation [{string.Join(",", permutation)}] over {input.ShapeText}");
        node.RequireShape(output, [.. permutation.Select(axis => input.Shape[axis])]);
        return new Rearrangement(node, input, output, output.Shape, (_, i) => i, permutation);
    }
}

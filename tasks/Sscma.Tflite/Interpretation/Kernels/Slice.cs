namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>A box cut out of a tensor: inputs are the tensor, begins and sizes (-1: up to the end).</summary>
internal static class Slice
{
    public static Rearrangement Create(Node node)
    {
        var (input, output) = (node.Input(0), node.Output());
        var (begins, sizes) = (node.Numbers(1), node.Numbers(2));
        node.Require(begins.Length == input.Rank && sizes.Length == input.Rank, "needs a begin and a size for each axis");
        for (var k = 0; k < input.Rank; k++)
        {
            if (sizes[k] == -1)
                sizes[k] = input.Shape[k] - begins[k];
            node.Require(begins[k] >= 0 && sizes[k] >= 0 && (long)begins[k] + sizes[k] <= input.Shape[k], $"cuts {sizes[k]} from {begins[k]} out of {input.ShapeText}");
        }

        node.RequireShape(output, sizes);
        return new Rearrangement(node, input, output, output.Shape, (k, i) => begins[k] + i, [.. Enumerable.Range(0, input.Rank)]);
    }
}

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>A part of a tensor with steps, by numpy's rules: inputs are the tensor, begins, ends and strides.</summary>
internal static class StridedSlice
{
    public static Rearrangement Create(Node node)
    {
        var (input, output) = (node.Input(0), node.Output());
        var options = node.Options<StridedSliceOptions>();
        node.Require(options is { EllipsisMask: 0, NewAxisMask: 0 }, "uses an ellipsis or a new axis");
        var (begins, ends, strides) = (node.Numbers(1), node.Numbers(2), node.Numbers(3));
        var rank = input.Rank;
        node.Require(begins.Length == rank && ends.Length == rank && strides.Length == rank, "needs a begin, an end and a stride for each axis");
        node.Require(strides.All(stride => stride != 0 && stride != int.MinValue), "has a stride of 0");

        var firsts = new int[rank];
        var shape = new int[rank];
        for (var k = 0; k < rank; k++)
            (firsts[k], shape[k]) = RangeOf(node, input.Shape[k], begins[k], ends[k], strides[k], k, options);
        node.RequireShape(output, [.. Enumerable.Range(0, rank).Where(k => !Has(options.ShrinkAxisMask, k)).Select(k => shape[k])]);
        return new Rearrangement(node, input, output, shape, (k, i) => firsts[k] + (i * strides[k]), [.. Enumerable.Range(0, rank)]);
    }

    private static (int First, int Count) RangeOf(Node node, int extent, int begin, int end, int stride, int axis, StridedSliceOptions options)
    {
        if (Has(options.ShrinkAxisMask, axis))
        {
            var index = begin < 0 ? begin + extent : begin;
            node.Require(index >= 0 && index < extent, $"takes index {begin} of an axis of {extent}");
            return (index, 1);
        }

        // Walking back, -1 is the place before the first element.
        var (lowest, highest) = stride > 0 ? (0, extent) : (-1, extent - 1);
        var first = Has(options.BeginMask, axis) ? (stride > 0 ? lowest : highest) : Place(begin);
        var last = Has(options.EndMask, axis) ? (stride > 0 ? highest : lowest) : Place(end);
        var distance = stride > 0 ? (long)last - first : (long)first - last;
        var step = Math.Abs((long)stride);
        return (first, (int)Math.Max(0, (distance + step - 1) / step));

        int Place(int index) => (int)Math.Clamp(index < 0 ? (long)index + extent : index, lowest, highest);
    }

    private static bool Has(int mask, int axis) => (mask & (1 << axis)) != 0;
}

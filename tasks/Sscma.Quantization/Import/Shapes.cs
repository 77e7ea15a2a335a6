namespace Sscma.Quantization.Import;

/// <summary>Shapes that ONNX nodes make of others.</summary>
internal static class Shapes
{
    /// <summary>A Reshape operand without its 0 (the extent there) and -1 (what is left).</summary>
    /// <exception cref="InvalidDataException">It does not fit.</exception>
    public static long[] Resolve(long[] wanted, long[] of, bool zeroIsZero)
    {
        var shape = new long[wanted.Length];
        var (known, open) = (1L, -1);
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = wanted[i] == 0 && !zeroIsZero && i < of.Length ? of[i] : wanted[i];
            if (shape[i] == -1 && open < 0)
                open = i;
            else
                known *= Math.Clamp(shape[i], 0, Numbers.Most);
            known = Math.Min(known, 1L << 40);
        }

        var total = of.Aggregate(1L, (product, extent) => product * extent);
        if (open >= 0)
            shape[open] = known > 0 ? total / known : 0;
        return shape.All(extent => extent >= 0) && (open >= 0 ? known * shape[open] : known) == total
            ? shape
            : throw new InvalidDataException($"the shape [{string.Join(',', wanted)}] does not fit [{string.Join(',', of)}]");
    }

    public static long[] Flattened(long[] shape, long axis)
    {
        var at = axis < 0 ? axis + shape.Length : axis;
        if (at < 0 || at > shape.Length)
            throw new InvalidDataException($"the axis {axis} does not fit");
        return [Product(shape[..(int)at]), Product(shape[(int)at..])];

        static long Product(long[] extents) => extents.Aggregate(1L, (product, extent) => product * extent);
    }

    public static long[] Squeezed(long[] shape, long[]? axes)
    {
        var dropped = axes is null
            ? [.. Enumerable.Range(0, shape.Length).Where(axis => shape[axis] == 1)]
            : axes.Select(axis => Axis(axis, shape.Length)).ToHashSet();
        if (dropped.Any(axis => shape[axis] != 1))
            throw new InvalidDataException("an axis of more than one element is squeezed");
        return [.. shape.Where((_, axis) => !dropped.Contains(axis))];
    }

    public static long[] Unsqueezed(long[] shape, long[] axes)
    {
        var rank = shape.Length + axes.Length;
        var added = axes.Select(axis => Axis(axis, rank)).ToHashSet();
        if (added.Count != axes.Length)
            throw new InvalidDataException("an axis is added twice");
        var rest = new Queue<long>(shape);
        return [.. Enumerable.Range(0, rank).Select(axis => added.Contains(axis) ? 1 : rest.Dequeue())];
    }

    /// <summary>What a Slice takes of each axis.</summary>
    public static (long Begin, long Count, long Step)[] Cut(long[] shape, long[] starts, long[] ends, long[]? axes, long[]? steps)
    {
        axes ??= [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || (steps is not null && steps.Length != starts.Length))
            throw new InvalidDataException("its starts, ends, axes and steps have different lengths");
        var cut = Array.ConvertAll(shape, extent => (Begin: 0L, Count: extent, Step: 1L));
        for (var i = 0; i < axes.Length; i++)
        {
            var (axis, step) = (Axis(axes[i], shape.Length), steps?[i] ?? 1);
            if (step is 0 or < -int.MaxValue or > int.MaxValue)
                throw new InvalidDataException($"the step {step} is not known");
            var extent = shape[axis];
            var begin = Place(starts[i], extent, step);
            var distance = step > 0 ? Place(ends[i], extent, step) - begin : begin - Place(ends[i], extent, step);
            cut[axis] = (begin, Math.Max(0, (distance + Math.Abs(step) - 1) / Math.Abs(step)), step);
        }

        return cut;

        static long Place(long index, long extent, long step) =>
            Math.Clamp(index < 0 ? index + extent : index, step > 0 ? 0 : -1, step > 0 ? extent : extent - 1);
    }

    /// <summary>An axis, -1 being the last.</summary>
    public static int Axis(long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw new InvalidDataException($"the axis {axis} does not fit {rank} axes");
}

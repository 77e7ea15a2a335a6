namespace Sscma.Quantization.Import;

/// <summary>
/// A value of five axes that an image (1, G·K, H, W) was opened to: it lies as (1, H·W, G, K) in memory, in whatever order ONNX has its axes.
/// </summary>
/// <param name="Name">The value of four axes, [1, H·W, G, K].</param>
/// <param name="Order">For each of the five axes which of (batch, G, K, H, W) it is.</param>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
internal sealed record FiveAxes(string Name, int[] Order, long Height, long Width)
{
    // A row may have to be repeated for every column; beyond this no file is meant so.
    private const int MostElements = 1 << 24;

    /// <summary>(1, G, K, H, W).</summary>
    public static int[] Opened { get; } = [0, 1, 2, 3, 4];

    /// <summary>The axis of four that each of (batch, G, K, H, W) belongs to.</summary>
    private static int[] Places { get; } = [0, 2, 3, 1, 1];

    /// <summary>Whether rows and columns follow each other, so that they are one axis.</summary>
    public bool IsTogether => Array.IndexOf(Order, 4) == Array.IndexOf(Order, 3) + 1;

    /// <summary>The axes of four in the order of the five, rows and columns being one.</summary>
    public long[] Turn => [.. Order.Where(axis => axis != 4).Select(axis => (long)Places[axis])];

    /// <summary>The axis of four for one of the five; null for rows and for columns.</summary>
    public int? PlaceOf(int axis) => Order[axis] is 3 or 4 ? null : Places[Order[axis]];

    /// <summary>The five extents.</summary>
    /// <param name="four">The four.</param>
    public long[] ShapeOf(long[] four) => Array.ConvertAll(Order, axis => axis switch { 3 => Height, 4 => Width, _ => four[Places[axis]] });

    /// <summary>Whether two values have the same axes in the same order; their G and K may differ.</summary>
    public bool IsLike(FiveAxes other) => Order.SequenceEqual(other.Order) && (Height, Width) == (other.Height, other.Width);

    /// <summary>A constant that meets such a value, as [1, H·W or 1, G or 1, K or 1]; null where it does not spread over it.</summary>
    /// <param name="values">Its elements.</param>
    /// <param name="shape">Its extents in ONNX, five at most.</param>
    /// <param name="whole">The five extents of the value.</param>
    /// <param name="four">The four extents of the result.</param>
    public float[]? Lay(float[] values, long[] shape, long[] whole, out long[] four)
    {
        four = [];
        if (shape.Length > 5)
            return null;
        long[] extents = [.. Enumerable.Repeat(1L, 5 - shape.Length), .. shape];
        if (extents.Where((extent, axis) => extent != 1 && extent != whole[axis]).Any())
            return null;
        var (of, steps) = (new long[5], new long[5]);
        for (var (axis, step) = (4, 1L); axis >= 0; step *= extents[axis], axis--)
            (of[Order[axis]], steps[Order[axis]]) = (extents[axis], extents[axis] == 1 ? 0 : step);

        var (rows, columns) = of[3] == 1 && of[4] == 1 ? (1L, 1L) : (Height, Width);
        four = [1, rows * columns, of[1], of[2]];
        if ((double)four[1] * four[2] * four[3] > MostElements)
            return null;
        var laid = new float[four[1] * four[2] * four[3]];
        for (var i = 0; i < laid.Length; i++)
        {
            var (rest, k) = Math.DivRem(i, of[2]);
            (rest, var g) = Math.DivRem(rest, of[1]);
            var (y, x) = Math.DivRem(rest, columns);
            laid[i] = values[(g * steps[1]) + (k * steps[2]) + (y * steps[3]) + (x * steps[4])];
        }

        return laid;
    }
}

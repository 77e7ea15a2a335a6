using System.Numerics;

namespace Sscma.Training.Network;

/// <summary>
/// Batch norm and ReLU over channels-last memory, (M, C) with M = N·H·W, in as few walks over it as there can be: two forward, two back.
/// The floor is what the result is cut at: 0 for ReLU, −∞ for the norm alone.
/// A lane of a vector is a channel and blocks do not depend on the number of threads, so every machine gives the same bits.
/// </summary>
internal static unsafe class NormKernel
{
    /// <summary>Mean and (biased) variance of each channel of x.</summary>
    public static (double[] Mean, double[] Variance) Statistics(float* x, RowBlocks rows)
    {
        var pivots = rows.Tile(new ReadOnlySpan<float>(x, rows.Channels));
        var (sums, squares) = rows.Reduce((first, last, sumTo, squareTo) =>
        {
            fixed (float* pivot = pivots, sum = sumTo, square = squareTo)
            {
                for (var values = x + first; values < x + last; values += rows.Width)
                {
                    var c = 0;
                    for (; c <= rows.Width - Vector<float>.Count; c += Vector<float>.Count)
                    {
                        var d = Vector.Load(values + c) - Vector.Load(pivot + c);
                        (Vector.Load(sum + c) + d).Store(sum + c);
                        (Vector.Load(square + c) + (d * d)).Store(square + c);
                    }

                    for (; c < rows.Width; c++)
                    {
                        var d = values[c] - pivot[c];
                        sum[c] += d;
                        square[c] += d * d;
                    }
                }
            }
        });

        // The pivot is one of the values, so sums of x − pivot do not cancel as sums of x may.
        var (mean, variance) = (new double[rows.Channels], new double[rows.Channels]);
        for (var c = 0; c < rows.Channels; c++)
        {
            var shift = sums[c] / rows.Count;
            mean[c] = pivots[c] + shift;
            variance[c] = Math.Max((squares[c] / rows.Count) - (shift * shift), 0);
        }

        return (mean, variance);
    }

    /// <summary>y = max((x − mean)·factor + offset, floor).</summary>
    public static void Apply(float* x, float* y, RowBlocks rows, float[] means, float[] factors, float[] offsets, float floor)
    {
        var floors = new Vector<float>(floor);
        var (meanRow, factorRow, offsetRow) = (rows.Tile(means), rows.Tile(factors), rows.Tile(offsets));
        rows.ForEach((first, last) =>
        {
            fixed (float* mean = meanRow, factor = factorRow, offset = offsetRow)
            {
                for (var at = first; at < last; at += rows.Width)
                {
                    float* from = x + at, to = y + at;
                    var c = 0;
                    for (; c <= rows.Width - Vector<float>.Count; c += Vector<float>.Count)
                        Vector.Max(((Vector.Load(from + c) - Vector.Load(mean + c)) * Vector.Load(factor + c)) + Vector.Load(offset + c), floors).Store(to + c);
                    for (; c < rows.Width; c++)
                        to[c] = MathF.Max(((from[c] - mean[c]) * factor[c]) + offset[c], floor);
                }
            }
        });
    }

    /// <summary>Of g = dy where y &gt; floor, else 0: Σ g and Σ g·(x − mean) for each channel.</summary>
    public static (double[] Sum, double[] Product) GradientSums(float* x, float* y, float* dy, RowBlocks rows, float[] means, float floor)
    {
        var floors = new Vector<float>(floor);
        var meanRow = rows.Tile(means);
        return rows.Reduce((first, last, sumTo, productTo) =>
        {
            fixed (float* mean = meanRow, sum = sumTo, product = productTo)
            {
                for (var at = first; at < last; at += rows.Width)
                {
                    float* xs = x + at, ys = y + at, dys = dy + at;
                    var c = 0;
                    for (; c <= rows.Width - Vector<float>.Count; c += Vector<float>.Count)
                    {
                        var g = Passed(dys + c, ys + c, floors);
                        (Vector.Load(sum + c) + g).Store(sum + c);
                        (Vector.Load(product + c) + (g * (Vector.Load(xs + c) - Vector.Load(mean + c)))).Store(product + c);
                    }

                    for (; c < rows.Width; c++)
                    {
                        var g = ys[c] > floor ? dys[c] : 0;
                        sum[c] += g;
                        product[c] += g * (xs[c] - mean[c]);
                    }
                }
            }
        });
    }

    /// <summary>dx = g·a + (x − mean)·b + d with the g of <see cref="GradientSums"/>.</summary>
    public static void Gradient(float* x, float* y, float* dy, float* dx, RowBlocks rows, float[] means, float[] a, float[] b, float[] d, float floor)
    {
        var floors = new Vector<float>(floor);
        var (meanRow, aRow, bRow, dRow) = (rows.Tile(means), rows.Tile(a), rows.Tile(b), rows.Tile(d));
        rows.ForEach((first, last) =>
        {
            fixed (float* mean = meanRow, ra = aRow, rb = bRow, rd = dRow)
            {
                for (var at = first; at < last; at += rows.Width)
                {
                    float* xs = x + at, ys = y + at, dys = dy + at, to = dx + at;
                    var c = 0;
                    for (; c <= rows.Width - Vector<float>.Count; c += Vector<float>.Count)
                    {
                        var centred = Vector.Load(xs + c) - Vector.Load(mean + c);
                        ((Passed(dys + c, ys + c, floors) * Vector.Load(ra + c)) + (centred * Vector.Load(rb + c)) + Vector.Load(rd + c)).Store(to + c);
                    }

                    for (; c < rows.Width; c++)
                        to[c] = ((ys[c] > floor ? dys[c] : 0) * ra[c]) + ((xs[c] - mean[c]) * rb[c]) + rd[c];
                }
            }
        });
    }

    private static Vector<float> Passed(float* dy, float* y, Vector<float> floors) =>
        Vector.ConditionalSelect(Vector.GreaterThan(Vector.Load(y), floors), Vector.Load(dy), Vector<float>.Zero);
}

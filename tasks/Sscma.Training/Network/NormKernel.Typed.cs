using System.Numerics;

namespace Sscma.Training.Network;

/// <summary>The kernel for a value of the type <typeparamref name="TX"/> and a result of <typeparamref name="TY"/>.</summary>
internal sealed unsafe class NormKernel<TX, TY> : NormKernel
    where TX : struct, IReals
    where TY : struct, IReals
{
    private static readonly int Lanes = Vector<float>.Count;
    private static readonly int Step = 2 * Lanes;

    /// <inheritdoc/>
    public override (double[] Mean, double[] Variance) Statistics(byte* x, RowBlocks rows)
    {
        var first = new float[rows.Channels];
        for (var c = 0; c < first.Length; c++)
            first[c] = TX.Get(x, c);
        var pivots = rows.Tile(first);
        var (sums, squares) = rows.Reduce((from, to, sumTo, squareTo) =>
        {
            fixed (float* pivot = pivots, sum = sumTo, square = squareTo)
            {
                for (var at = from; at < to; at += rows.Width)
                {
                    var c = 0;
                    for (; c <= rows.Width - Step; c += Step)
                    {
                        var (low, high) = TX.Load(x, at + c);
                        low -= Vector.Load(pivot + c);
                        high -= Vector.Load(pivot + c + Lanes);
                        Add(sum + c, low, high);
                        Add(square + c, low * low, high * high);
                    }

                    for (; c < rows.Width; c++)
                    {
                        var d = TX.Get(x, at + c) - pivot[c];
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

    /// <inheritdoc/>
    public override void Apply(byte* x, byte* y, RowBlocks rows, float[] means, float[] factors, float[] offsets, float floor)
    {
        var floors = new Vector<float>(floor);
        var (meanRow, factorRow, offsetRow) = (rows.Tile(means), rows.Tile(factors), rows.Tile(offsets));
        rows.ForEach((first, last) =>
        {
            fixed (float* mean = meanRow, factor = factorRow, offset = offsetRow)
            {
                for (var at = first; at < last; at += rows.Width)
                {
                    var c = 0;
                    for (; c <= rows.Width - Step; c += Step)
                    {
                        var (low, high) = TX.Load(x, at + c);
                        TY.Store(
                            y,
                            at + c,
                            Vector.Max(((low - Vector.Load(mean + c)) * Vector.Load(factor + c)) + Vector.Load(offset + c), floors),
                            Vector.Max(((high - Vector.Load(mean + c + Lanes)) * Vector.Load(factor + c + Lanes)) + Vector.Load(offset + c + Lanes), floors));
                    }

                    for (; c < rows.Width; c++)
                        TY.Set(y, at + c, MathF.Max(((TX.Get(x, at + c) - mean[c]) * factor[c]) + offset[c], floor));
                }
            }
        });
    }

    /// <inheritdoc/>
    public override (double[] Sum, double[] Product) GradientSums(byte* x, byte* y, byte* dy, RowBlocks rows, float[] means, float floor)
    {
        var floors = new Vector<float>(floor);
        var meanRow = rows.Tile(means);
        return rows.Reduce((first, last, sumTo, productTo) =>
        {
            fixed (float* mean = meanRow, sum = sumTo, product = productTo)
            {
                for (var at = first; at < last; at += rows.Width)
                {
                    var c = 0;
                    for (; c <= rows.Width - Step; c += Step)
                    {
                        var (low, high) = TX.Load(x, at + c);
                        var (lowPassed, highPassed) = Passed(dy, y, at + c, floors);
                        Add(sum + c, lowPassed, highPassed);
                        Add(product + c, lowPassed * (low - Vector.Load(mean + c)), highPassed * (high - Vector.Load(mean + c + Lanes)));
                    }

                    for (; c < rows.Width; c++)
                    {
                        var g = TY.Get(y, at + c) > floor ? TY.Get(dy, at + c) : 0;
                        sum[c] += g;
                        product[c] += g * (TX.Get(x, at + c) - mean[c]);
                    }
                }
            }
        });
    }

    /// <inheritdoc/>
    public override void Gradient(byte* x, byte* y, byte* dy, byte* dx, RowBlocks rows, float[] means, float[] a, float[] b, float[] d, float floor)
    {
        var floors = new Vector<float>(floor);
        var (meanRow, aRow, bRow, dRow) = (rows.Tile(means), rows.Tile(a), rows.Tile(b), rows.Tile(d));
        rows.ForEach((first, last) =>
        {
            fixed (float* mean = meanRow, ra = aRow, rb = bRow, rd = dRow)
            {
                for (var at = first; at < last; at += rows.Width)
                {
                    var c = 0;
                    for (; c <= rows.Width - Step; c += Step)
                    {
                        var (low, high) = TX.Load(x, at + c);
                        var (lowPassed, highPassed) = Passed(dy, y, at + c, floors);
                        low -= Vector.Load(mean + c);
                        high -= Vector.Load(mean + c + Lanes);
                        TX.Store(
                            dx,
                            at + c,
                            (lowPassed * Vector.Load(ra + c)) + (low * Vector.Load(rb + c)) + Vector.Load(rd + c),
                            (highPassed * Vector.Load(ra + c + Lanes)) + (high * Vector.Load(rb + c + Lanes)) + Vector.Load(rd + c + Lanes));
                    }

                    for (; c < rows.Width; c++)
                        TX.Set(dx, at + c, ((TY.Get(y, at + c) > floor ? TY.Get(dy, at + c) : 0) * ra[c]) + ((TX.Get(x, at + c) - mean[c]) * rb[c]) + rd[c]);
                }
            }
        });
    }

    private static void Add(float* sums, Vector<float> low, Vector<float> high)
    {
        (Vector.Load(sums) + low).Store(sums);
        (Vector.Load(sums + Lanes) + high).Store(sums + Lanes);
    }

    private static (Vector<float> Low, Vector<float> High) Passed(byte* dy, byte* y, long index, Vector<float> floors)
    {
        var (low, high) = TY.Load(y, index);
        var (lowGradient, highGradient) = TY.Load(dy, index);
        return (
            Vector.ConditionalSelect(Vector.GreaterThan(low, floors), lowGradient, Vector<float>.Zero),
            Vector.ConditionalSelect(Vector.GreaterThan(high, floors), highGradient, Vector<float>.Zero));
    }
}

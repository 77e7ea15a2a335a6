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
    public override (double[] Sum, double[] Product) GradientSums(byte* x, byte* dy, RowBlocks rows, float[] means, float[] factors, float[] offsets, float floor)
    {
        var floors = new Vector<float>(floor);
        var (meanRow, factorRow, offsetRow) = (rows.Tile(means), rows.Tile(factors), rows.Tile(offsets));
        return rows.Reduce((first, last, sumTo, productTo) =>
        {
            fixed (float* mean = meanRow, factor = factorRow, offset = offsetRow, sum = sumTo, product = productTo)
            {
                for (var at = first; at < last; at += rows.Width)
                {
                    var c = 0;
                    for (; c <= rows.Width - Step; c += Step)
                    {
                        var (low, high) = TX.Load(x, at + c);
                        var (lowGradient, highGradient) = TY.Load(dy, at + c);
                        low -= Vector.Load(mean + c);
                        high -= Vector.Load(mean + c + Lanes);
                        lowGradient = Passed(lowGradient, low, factor + c, offset + c, floors);
                        highGradient = Passed(highGradient, high, factor + c + Lanes, offset + c + Lanes, floors);
                        Add(sum + c, lowGradient, highGradient);
                        Add(product + c, lowGradient * low, highGradient * high);
                    }

                    for (; c < rows.Width; c++)
                    {
                        var d = TX.Get(x, at + c) - mean[c];
                        var g = (d * factor[c]) + offset[c] > floor ? TY.Get(dy, at + c) : 0;
                        sum[c] += g;
                        product[c] += g * d;
                    }
                }
            }
        });
    }

    /// <inheritdoc/>
    public override void Gradient(byte* x, byte* dy, byte* dx, RowBlocks rows, float[] means, float[] factors, float[] offsets, float[] b, float[] d, float floor)
    {
        var floors = new Vector<float>(floor);
        var (meanRow, factorRow, offsetRow, bRow, dRow) = (rows.Tile(means), rows.Tile(factors), rows.Tile(offsets), rows.Tile(b), rows.Tile(d));
        rows.ForEach((first, last) =>
        {
            fixed (float* mean = meanRow, factor = factorRow, offset = offsetRow, rb = bRow, rd = dRow)
            {
                for (var at = first; at < last; at += rows.Width)
                {
                    var c = 0;
                    for (; c <= rows.Width - Step; c += Step)
                    {
                        var (low, high) = TX.Load(x, at + c);
                        var (lowGradient, highGradient) = TY.Load(dy, at + c);
                        low -= Vector.Load(mean + c);
                        high -= Vector.Load(mean + c + Lanes);
                        lowGradient = Passed(lowGradient, low, factor + c, offset + c, floors);
                        highGradient = Passed(highGradient, high, factor + c + Lanes, offset + c + Lanes, floors);
                        TX.Store(
                            dx,
                            at + c,
                            (lowGradient * Vector.Load(factor + c)) + (low * Vector.Load(rb + c)) + Vector.Load(rd + c),
                            (highGradient * Vector.Load(factor + c + Lanes)) + (high * Vector.Load(rb + c + Lanes)) + Vector.Load(rd + c + Lanes));
                    }

                    for (; c < rows.Width; c++)
                    {
                        var away = TX.Get(x, at + c) - mean[c];
                        var g = (away * factor[c]) + offset[c] > floor ? TY.Get(dy, at + c) : 0;
                        TX.Set(dx, at + c, (g * factor[c]) + (away * rb[c]) + rd[c]);
                    }
                }
            }
        });
    }

    private static void Add(float* sums, Vector<float> low, Vector<float> high)
    {
        (Vector.Load(sums) + low).Store(sums);
        (Vector.Load(sums + Lanes) + high).Store(sums + Lanes);
    }

    // The gradient where the norm's result, computed as Apply does, lies above the floor.
    private static Vector<float> Passed(Vector<float> gradient, Vector<float> away, float* factor, float* offset, Vector<float> floors) =>
        Vector.ConditionalSelect(Vector.GreaterThan((away * Vector.Load(factor)) + Vector.Load(offset), floors), gradient, Vector<float>.Zero);
}

using System.Numerics;
using Sscma.Training.Network;

namespace Sscma.Training.QuantizationAware;

/// <summary>Reals to the nearest reals with an 8-bit code, and gradients back, in one walk over memory each.</summary>
internal static unsafe class RoundingKernel
{
    /// <summary>y = scale · (clamp(round(x / scale) + zero, −128, 127) − zero).</summary>
    /// <returns>The range of x.</returns>
    public static RealRange Round(float* x, float* y, long count, float scale, int zero)
    {
        var (lowest, highest) = (new Vector<float>(-128 - zero), new Vector<float>(127 - zero));
        var (scales, gate, all) = (new Vector<float>(scale), new Lock(), RealRange.Empty);
        new RowBlocks(count, 1).ForEach((first, last) =>
        {
            var (low, high) = (new Vector<float>(float.PositiveInfinity), new Vector<float>(float.NegativeInfinity));
            var i = first;
            for (; i <= last - Vector<float>.Count; i += Vector<float>.Count)
            {
                var value = Vector.Load(x + i);
                (low, high) = (Vector.Min(low, value), Vector.Max(high, value));
                (Vector.Min(Vector.Max(Vector.Round(value / scales), lowest), highest) * scales).Store(y + i);
            }

            var span = RealRange.Empty;
            for (var lane = 0; lane < Vector<float>.Count; lane++)
                span = span.With(new RealRange(low[lane], high[lane]));
            for (; i < last; i++)
            {
                span = span.With(new RealRange(x[i], x[i]));
                y[i] = Math.Clamp(MathF.Round(x[i] / scale), -128 - zero, 127 - zero) * scale;
            }

            lock (gate)
                all = all.With(span);
        });
        return all;
    }

    /// <summary>dx = dy where x has a code of its own, 0 where it lies beyond the last one.</summary>
    public static void Pass(float* x, float* dy, float* dx, long count, float scale, int zero)
    {
        var (low, high) = Ends(scale, zero);
        var (lows, highs) = (new Vector<float>(low), new Vector<float>(high));
        new RowBlocks(count, 1).ForEach((first, last) =>
        {
            var i = first;
            for (; i <= last - Vector<float>.Count; i += Vector<float>.Count)
            {
                var value = Vector.Load(x + i);
                Vector.ConditionalSelect(
                    Vector.BitwiseAnd(Vector.GreaterThanOrEqual(value, lows), Vector.LessThanOrEqual(value, highs)), Vector.Load(dy + i), Vector<float>.Zero).Store(dx + i);
            }

            for (; i < last; i++)
                dx[i] = x[i] >= low && x[i] <= high ? dy[i] : 0;
        });
    }

    /// <summary>What lies between has a code within half a step.</summary>
    public static (float Low, float High) Ends(float scale, int zero) => ((-128.5f - zero) * scale, (127.5f - zero) * scale);
}

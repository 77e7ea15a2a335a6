using System.Numerics;

namespace Sscma.Training.Optimization;

/// <summary>A step of <see cref="AdamW"/> in one walk over memory, where libtorch's operations make ten. Each number depends on its own alone, so neither threads nor the width of vectors change a bit.</summary>
internal sealed unsafe class AdamWKernel
{
    // What a thread is worth starting for.
    private const int LeastPerThread = 1 << 16;

    /// <summary>1 − β₁.</summary>
    public required float MeanShare { get; init; }

    /// <summary>1 − β₂.</summary>
    public required float SquareShare { get; init; }

    /// <summary>The learning rate over 1 − β₁ᵗ.</summary>
    public required float Rate { get; init; }

    /// <summary>√(1 − β₂ᵗ).</summary>
    public required float SquareCorrection { get; init; }

    /// <summary>Added to the root.</summary>
    public required float Eps { get; init; }

    /// <summary>The share of a weight that decays: the learning rate times the weight decay.</summary>
    public required float Decay { get; init; }

    /// <summary>How many weights, the first ones, decay.</summary>
    public required long Decayed { get; init; }

    /// <summary>Moves the values, their means and squares, and sets the gradients to 0. All are equally long.</summary>
    public void Step(Span<float> values, Span<float> gradients, Span<float> means, Span<float> squares, int threads)
    {
        fixed (float* value = values, gradient = gradients, mean = means, square = squares)
        {
            // A lambda takes no pinned pointers.
            var (v, g, m, s) = ((nint)value, (nint)gradient, (nint)mean, (nint)square);
            var (count, parts) = (values.Length, Math.Clamp(values.Length / LeastPerThread, 1, threads));
            void Part(int part)
            {
                var (from, to) = ((long)count * part / parts, (long)count * (part + 1) / parts);
                var decayed = Math.Clamp(Decayed, from, to);
                Walk((float*)v, (float*)g, (float*)m, (float*)s, from, decayed, 1 - Decay);
                Walk((float*)v, (float*)g, (float*)m, (float*)s, decayed, to, 1);
            }

            if (parts == 1)
                Part(0);
            else
                Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = parts }, Part);
        }
    }

    private void Walk(float* values, float* gradients, float* means, float* squares, long at, long to, float kept)
    {
        var (meanShare, squareShare) = (new Vector<float>(MeanShare), new Vector<float>(SquareShare));
        var (rate, correction, eps, keep) = (new Vector<float>(Rate), new Vector<float>(SquareCorrection), new Vector<float>(Eps), new Vector<float>(kept));
        for (; at <= to - Vector<float>.Count; at += Vector<float>.Count)
        {
            var (g, m, s) = (Vector.Load(gradients + at), Vector.Load(means + at), Vector.Load(squares + at));
            m += (g - m) * meanShare;
            s += ((g * g) - s) * squareShare;
            m.Store(means + at);
            s.Store(squares + at);
            ((Vector.Load(values + at) * keep) - (m * rate / ((Vector.SquareRoot(s) / correction) + eps))).Store(values + at);
            Vector<float>.Zero.Store(gradients + at);
        }

        for (; at < to; at++)
        {
            var (g, m, s) = (gradients[at], means[at], squares[at]);
            m += (g - m) * MeanShare;
            s += ((g * g) - s) * SquareShare;
            (means[at], squares[at]) = (m, s);
            values[at] = (values[at] * kept) - (m * Rate / ((MathF.Sqrt(s) / SquareCorrection) + Eps));
            gradients[at] = 0;
        }
    }
}

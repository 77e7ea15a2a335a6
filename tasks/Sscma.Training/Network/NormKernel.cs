using static TorchSharp.torch;

namespace Sscma.Training.Network;

/// <summary>
/// Batch norm and ReLU over channels-last memory, (M, C) with M = N·H·W, in as few walks over it as there can be: two forward, two back.
/// The floor is what the result is cut at: 0 for ReLU, −∞ for the norm alone.
/// A lane of a vector is a channel and blocks do not depend on the number of threads, so every machine gives the same bits.
/// </summary>
internal abstract unsafe class NormKernel
{
    private static readonly NormKernel Floats = new NormKernel<Float32Reals, Float32Reals>();
    private static readonly NormKernel Halves = new NormKernel<BFloat16Reals, BFloat16Reals>();
    private static readonly NormKernel Halving = new NormKernel<Float32Reals, BFloat16Reals>();

    /// <summary>The kernel for a value and a result of some types: float32 or bfloat16, the result not the wider one.</summary>
    public static NormKernel Of(ScalarType value, ScalarType result) => (value, result) switch
    {
        (ScalarType.Float32, ScalarType.Float32) => Floats,
        (ScalarType.BFloat16, ScalarType.BFloat16) => Halves,
        (ScalarType.Float32, ScalarType.BFloat16) => Halving,
        _ => throw new ArgumentException($"no norm from {value} to {result}", nameof(value)),
    };

    /// <summary>Mean and (biased) variance of each channel of x.</summary>
    public abstract (double[] Mean, double[] Variance) Statistics(byte* x, RowBlocks rows);

    /// <summary>y = max((x − mean)·factor + offset, floor).</summary>
    public abstract void Apply(byte* x, byte* y, RowBlocks rows, float[] means, float[] factors, float[] offsets, float floor);

    /// <summary>Of g = dy where (x − mean)·factor + offset &gt; floor, else 0: Σ g and Σ g·(x − mean) for each channel. To compute what passed is quicker than to read y.</summary>
    public abstract (double[] Sum, double[] Product) GradientSums(byte* x, byte* dy, RowBlocks rows, float[] means, float[] factors, float[] offsets, float floor);

    /// <summary>dx = g·factor + (x − mean)·b + d with the g of <see cref="GradientSums"/>.</summary>
    public abstract void Gradient(byte* x, byte* dy, byte* dx, RowBlocks rows, float[] means, float[] factors, float[] offsets, float[] b, float[] d, float floor);
}

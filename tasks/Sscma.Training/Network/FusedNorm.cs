using static TorchSharp.torch;

namespace Sscma.Training.Network;

/// <summary>
/// Batch norm with the batch's statistics, then ReLU where it is asked for, as one step of autograd over a channels-last value (N, C, H, W) of float32 or bfloat16.
/// libtorch's own channels-last norm sums up in float32 row by row, which makes gradients a hundred times noisier, and walks
/// over the value twice as often. Going back uses the value up: it cannot be asked for twice.
/// </summary>
internal sealed class FusedNorm : autograd.SingleTensorFunction<FusedNorm>
{
    /// <inheritdoc/>
    public override string Name => nameof(FusedNorm);

    /// <summary>Applies the norm; its running statistics follow the batch.</summary>
    /// <param name="x">The value, float32 or bfloat16.</param>
    /// <param name="norm">The norm.</param>
    /// <param name="relu">Whether ReLU follows.</param>
    /// <param name="type">The result's type, not wider than the value's; null for the value's.</param>
    public static Tensor Apply(Tensor x, NormTensors norm, bool relu, ScalarType? type = null) =>
        apply(x, norm.Scale, norm.Shift, norm, relu ? 0 : float.NegativeInfinity, type ?? x.dtype);

    /// <inheritdoc/>
    public override unsafe Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, norm, floor, type) = ((Tensor)vars[0], (NormTensors)vars[3], (float)vars[4], (ScalarType)vars[5]);
        var (kernel, rows) = (NormKernel.Of(x.dtype, type), RowsOf(x));
        var result = empty_like(x, dtype: type);
        float[] means = new float[rows.Channels], inverses = new float[rows.Channels], factors = new float[rows.Channels], offsets = TensorMemory.Of(norm.Shift).ToArray();
        fixed (byte* from = TensorMemory.BytesOf(x), to = TensorMemory.BytesOf(result))
        {
            var (mean, variance) = kernel.Statistics(from, rows);
            var scale = TensorMemory.Of(norm.Scale);
            for (var c = 0; c < rows.Channels; c++)
            {
                var inverse = 1 / Math.Sqrt(variance[c] + TorchOps.NormEps);
                (means[c], inverses[c], factors[c]) = ((float)mean[c], (float)inverse, (float)(scale[c] * inverse));
            }

            Follow(norm, mean, variance, rows.Count);
            kernel.Apply(from, to, rows, means, factors, offsets, floor);
        }

        ctx.save_for_backward([x]);
        ctx.save_data("type", type);
        ctx.save_data("means", means);
        ctx.save_data("inverses", inverses);
        ctx.save_data("factors", factors);
        ctx.save_data("offsets", offsets);
        ctx.save_data("floor", floor);
        return result;
    }

    /// <inheritdoc/>
    public override unsafe List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (x, dy) = (ctx.get_saved_variables()[0], TensorMemory.ChannelsLast(grad_output));
        var (means, inverses) = ((float[])ctx.get_data("means"), (float[])ctx.get_data("inverses"));
        var (factors, offsets) = ((float[])ctx.get_data("factors"), (float[])ctx.get_data("offsets"));
        var floor = (float)ctx.get_data("floor");
        var (kernel, rows) = (NormKernel.Of(x.dtype, (ScalarType)ctx.get_data("type")), RowsOf(x));
        // The value was the convolution's result and nobody else's: its gradient takes its place, which saves fetching other memory.
        var dx = x.detach();
        float[] scales = new float[rows.Channels], shifts = new float[rows.Channels], slopes = new float[rows.Channels], levels = new float[rows.Channels];
        fixed (byte* xs = TensorMemory.BytesOf(x), dys = TensorMemory.BytesOf(dy))
        {
            // dβ = Σ g, dγ = Σ g·x̂, dx = γ/σ·(g − mean(g) − x̂·mean(g·x̂)) with x̂ = (x − μ)/σ
            var (sum, product) = kernel.GradientSums(xs, dys, rows, means, factors, offsets, floor);
            for (var c = 0; c < rows.Channels; c++)
            {
                (shifts[c], scales[c]) = ((float)sum[c], (float)(product[c] * inverses[c]));
                slopes[c] = (float)(-factors[c] * product[c] * inverses[c] * inverses[c] / rows.Count);
                levels[c] = (float)(-factors[c] * sum[c] / rows.Count);
            }

            kernel.Gradient(xs, dys, xs, rows, means, factors, offsets, slopes, levels, floor);
        }

        return [dx, tensor(scales), tensor(shifts), null!, null!, null!];
    }

    private static RowBlocks RowsOf(Tensor x) => new(x.shape[0] * x.shape[2] * x.shape[3], (int)x.shape[1]);

    private static void Follow(NormTensors norm, double[] mean, double[] variance, long count)
    {
        var means = TensorMemory.Of(norm.Mean);
        var variances = TensorMemory.Of(norm.Variance);
        for (var c = 0; c < mean.Length; c++)
        {
            // The running variance is the unbiased one; a single value has none.
            means[c] = (float)(((1 - TorchOps.NormMomentum) * means[c]) + (TorchOps.NormMomentum * mean[c]));
            variances[c] = (float)(((1 - TorchOps.NormMomentum) * variances[c]) + (TorchOps.NormMomentum * variance[c] * count / Math.Max(count - 1, 1)));
        }
    }
}

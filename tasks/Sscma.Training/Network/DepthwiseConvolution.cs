using static TorchSharp.torch;

namespace Sscma.Training.Network;

/// <summary>
/// A depthwise convolution of stride 1 with gradients of its own: the input's is a depthwise convolution with turned kernels, the weight's comes
/// from <see cref="DepthwiseKernel"/>; libtorch takes some ten times as long for the latter.
/// </summary>
internal sealed class DepthwiseConvolution : autograd.SingleTensorFunction<DepthwiseConvolution>
{
    /// <inheritdoc/>
    public override string Name => nameof(DepthwiseConvolution);

    /// <summary>Whether a convolution is of this kind and its gradients are asked for.</summary>
    public static bool Suits(Tensor x, Tensor weight, Tensor? bias, ConvUnit unit) =>
        unit.Groups > 1 && unit.Groups == unit.In && unit.Groups == unit.Out && unit.Stride == 1 && bias is null
        && x.requires_grad && weight.requires_grad && x.dtype == ScalarType.Float32 && x.device_type == TorchSharp.DeviceType.CPU;

    /// <summary>The convolution of a unit.</summary>
    /// <param name="x">(N, C, H, W), float32.</param>
    /// <param name="weight">(C, 1, Kernel, Kernel).</param>
    /// <param name="unit">A stride of 1, as many groups as channels.</param>
    public static Tensor Apply(Tensor x, Tensor weight, ConvUnit unit) => apply(x, weight, unit);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, weight, unit) = ((Tensor)vars[0], (Tensor)vars[1], (ConvUnit)vars[2]);
        ctx.save_for_backward([x, weight]);
        ctx.save_data("unit", unit);
        return TorchOps.PlainConvolve(x, weight, null, unit);
    }

    /// <inheritdoc/>
    public override unsafe List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var unit = (ConvUnit)ctx.get_data("unit");
        var saved = ctx.get_saved_variables();
        var (x, dy) = (TensorMemory.ChannelsLast(saved[0]), TensorMemory.ChannelsLast(grad_output));
        var dx = TorchOps.PlainConvolve(dy, saved[1].flip(2, 3), null, unit);
        float[] sums;
        fixed (byte* xs = TensorMemory.BytesOf(x), dys = TensorMemory.BytesOf(dy))
            sums = new DepthwiseKernel(x.shape, unit.Kernel).WeightGradient((float*)xs, (float*)dys);
        return [dx, tensor(sums, [unit.Kernel, unit.Kernel, unit.Out, 1]).permute(2, 3, 0, 1), null!];
    }
}

using Sscma.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Sscma.Training.QuantizationAware;

/// <summary>
/// Rounds a value (N, C, H, W) to reals that have an 8-bit code. The gradient passes as if nothing were rounded (Bengio and others, arXiv 1308.3432), except
/// where the value lies beyond the codes.
/// </summary>
internal sealed class Rounding : autograd.SingleTensorFunction<Rounding>
{
    private static readonly Action<RealRange> Nobody = _ => { };

    /// <inheritdoc/>
    public override string Name => nameof(Rounding);

    /// <summary>Rounds, and tells the range of what was rounded.</summary>
    /// <param name="x">The value.</param>
    /// <param name="codes">Distance and zero of the codes.</param>
    /// <param name="seen">Takes the range; null for nobody.</param>
    public static Tensor Apply(Tensor x, (float Scale, int Zero) codes, Action<RealRange>? seen = null) =>
        x.device_type == DeviceType.CPU && x.dtype == ScalarType.Float32 ? apply(TensorMemory.ChannelsLast(x), codes.Scale, codes.Zero, seen ?? Nobody) : Plain(x, codes, seen);

    /// <summary>The same by libtorch's operations, on every device: what the kernel is tested against.</summary>
    public static Tensor Plain(Tensor x, (float Scale, int Zero) codes, Action<RealRange>? seen = null)
    {
        seen?.Invoke(RangeOf(x));
        var (low, high) = RoundingKernel.Ends(codes.Scale, codes.Zero);
        var within = x.Within(low, high);
        var rounded = within.detach().clone().DivideBy(codes.Scale).round_().Within(-128 - codes.Zero, 127 - codes.Zero).MultiplyBy(codes.Scale);
        return within.Plus(rounded - within.detach());
    }

    /// <summary>Lowest and highest number of a value.</summary>
    public static RealRange RangeOf(Tensor x)
    {
        using var scope = NewDisposeScope();
        var value = x.detach();
        return new RealRange((float)value.min().Number(), (float)value.max().Number());
    }

    /// <inheritdoc/>
    public override unsafe Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, scale, zero, seen) = ((Tensor)vars[0], (float)vars[1], (int)vars[2], (Action<RealRange>)vars[3]);
        var result = empty_like(x);
        fixed (float* from = TensorMemory.Of(x), to = TensorMemory.Of(result))
            seen(RoundingKernel.Round(from, to, x.NumberOfElements, scale, zero));
        ctx.save_for_backward([x]);
        ctx.save_data("scale", scale);
        ctx.save_data("zero", zero);
        return result;
    }

    /// <inheritdoc/>
    public override unsafe List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (x, dy) = (ctx.get_saved_variables()[0], TensorMemory.ChannelsLast(grad_output));
        var dx = empty_like(x);
        fixed (float* from = TensorMemory.Of(x), given = TensorMemory.Of(dy), to = TensorMemory.Of(dx))
            RoundingKernel.Pass(from, given, to, x.NumberOfElements, (float)ctx.get_data("scale"), (int)ctx.get_data("zero"));
        return [dx, null!, null!, null!];
    }
}

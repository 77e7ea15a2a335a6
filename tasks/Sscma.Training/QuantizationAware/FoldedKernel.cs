using Sscma.Quantization;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.QuantizationAware;

/// <summary>A convolution's constants as the int8 file has them: with the norm folded in, as in <see cref="OnnxOps"/>, then rounded to reals with a code.</summary>
/// <param name="Weight">(Out, In / Groups, Kernel, Kernel).</param>
/// <param name="Bias">(Out).</param>
/// <param name="Change">What rounding has changed, in the unit of the weight before the norm was folded in. It has no gradient, so a gradient passes as if nothing were rounded.</param>
internal sealed record FoldedKernel(Tensor Weight, Tensor Bias, Tensor Change)
{
    /// <summary>Folds and rounds.</summary>
    public static FoldedKernel Of(CodePlan plan, ConvUnit unit, UnitTensors tensors)
    {
        using var guard = no_grad();
        var own = tensors.Weight.detach();
        var (weight, bias, factor) = tensors.Norm is { } norm ? Fold(own, norm) : (own, tensors.Bias!.detach(), null);
        var largest = weight.abs().amax([1, 2, 3]);
        var (scales, biases) = plan.KernelOf(OnnxOps.NodeOf(unit), Numbers(largest), Numbers(bias));
        var step = tensor(scales, device: own.device).view(-1, 1, 1, 1);
        var rounded = (weight / step).round_().Within(-127, 127).mul_(step);
        var change = rounded - weight;
        if (factor is not null)
        {
            // A norm that multiplies by nothing leaves nothing to tell: such a channel is not trained through its weights.
            change.div_(factor);
            change = change.Replace(factor.Is(0), 0);
        }

        return new FoldedKernel(rounded, tensor(biases, device: own.device), change);
    }

    private static (Tensor Weight, Tensor Bias, Tensor Factor) Fold(Tensor weight, NormTensors norm)
    {
        Tensor Exact(Tensor values) => values.detach().to_type(ScalarType.Float64, copy: true);
        var factor = Exact(norm.Scale) / Exact(norm.Variance).Increase(TorchOps.NormEps).sqrt();
        var bias = Exact(norm.Shift) - (Exact(norm.Mean) * factor);
        var wide = factor.view(-1, 1, 1, 1);
        return ((Exact(weight) * wide).to_type(weight.dtype), bias.to_type(weight.dtype), wide.to_type(weight.dtype));
    }

    private static float[] Numbers(Tensor values) => values.to_type(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
}

using Sscma.Quantization;
using Sscma.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Sscma.Training.QuantizationAware;

/// <summary>
/// Runs the network with libtorch as its int8 file will run: weights, biases and every value that has codes in the file are rounded to reals with a
/// code. Norms are folded into the weights before these are rounded. While no ranges are known it runs in floats and watches.
/// </summary>
internal sealed class QuantizedOps(ParameterStore parameters, RangeLearner learner, RangeWatch watch, bool training) : IOps<Tensor>
{
    private readonly TorchOps _floats = new(parameters, training: false);
    private int _next;

    /// <inheritdoc/>
    public Tensor Conv(Tensor x, ConvUnit unit)
    {
        var result = Result();
        var y = Convolved(x, unit);
        switch (unit.HasNorm ? unit.Activation : Activation.None)
        {
            case Activation.Relu:
                return Coded(learner.Plan is not null && training && !learner.NormsRest ? y : y.relu(), result);
            case Activation.Silu:
                y = Coded(y, OnnxOps.ResultOf(unit));
                return Coded(y * Coded(y.sigmoid(), OnnxOps.SigmoidOf(unit)), result);
            default:
                return Coded(y, result, learner.TermsOf(unit));
        }
    }

    /// <inheritdoc/>
    public Tensor Standardize(Tensor x, float[] means, float[] deviations) => Coded(_floats.Standardize(x, means, deviations), Result());

    /// <inheritdoc/>
    public Tensor Add(Tensor a, Tensor b) => Coded(a.Plus(b), Result());

    /// <inheritdoc/>
    public Tensor Scale(Tensor x, Tensor weights) => Coded(x * weights, Result());

    /// <inheritdoc/>
    public Tensor Concat(params IReadOnlyList<Tensor> parts)
    {
        var result = Result();
        return _floats.Concat([.. parts.Select((part, index) => learner.Plan?.OfOperand(result, index) is { } codes ? Rounding.Apply(part, codes) : part)]);
    }

    /// <inheritdoc/>
    public Tensor MaxPool(Tensor x, int kernel) => Kept(_floats.MaxPool(x, kernel));

    /// <inheritdoc/>
    public Tensor Upsample(Tensor x) => Kept(_floats.Upsample(x));

    /// <inheritdoc/>
    public Tensor GlobalAveragePool(Tensor x) => Coded(_floats.GlobalAveragePool(x), Result());

    /// <inheritdoc/>
    public Tensor HardSigmoid(Tensor x) => Coded(_floats.HardSigmoid(x), Result());

    private string Result() => learner.Results[_next++];

    // Codes pass through unchanged: nothing to round, nothing to learn.
    private Tensor Kept(Tensor y)
    {
        Result();
        return y;
    }

    /// <summary>The convolution and its norm; the activation too where the norm computes it on the way.</summary>
    private Tensor Convolved(Tensor x, ConvUnit unit)
    {
        var tensors = parameters.TensorsOf(unit);
        if (learner.Plan is not { } plan)
        {
            var floats = TorchOps.Convolve(x, tensors.Weight, tensors.Bias, unit);
            return tensors.Norm is { } resting ? TorchOps.RestingNorm(floats, resting) : floats;
        }

        var kernel = FoldedKernel.Of(plan, unit, tensors);
        if (!training)
            return TorchOps.Convolve(x, kernel.Weight, kernel.Bias, unit);
        var y = TorchOps.Convolve(x, tensors.Weight.Plus(kernel.Change), tensors.Bias, unit);
        if (tensors.Norm is not { } norm)
            return y;
        if (learner.NormsRest)
            return TorchOps.RestingNorm(y, norm);
        parameters.Batches[norm.Counter]++;
        var relu = unit.Activation == Activation.Relu;
        if (y.dtype == ScalarType.Float32 && y.device_type == DeviceType.CPU)
            return FusedNorm.Apply(y, norm, relu);
        var plain = TorchOps.PlainNorm(y, norm);
        return relu ? plain.relu() : plain;
    }

    /// <summary>A value with its codes, if it has any in the file; it may lie there with an offset.</summary>
    private Tensor Coded(Tensor y, string name, IReadOnlyList<ChannelTerm>? terms = null)
    {
        if (learner.PlaceOf(name) is not { } place)
            return y;
        using var offset = terms?.Any(term => term.Offset != 0) == true ? tensor(terms.Select(term => term.Offset).ToArray(), device: y.device).view(1, -1, 1, 1) : null;
        var there = offset is null ? y : y.Plus(offset);
        if (learner.Plan?.Of(name) is { } codes)
        {
            var watched = training && !learner.RangesRest;
            there = Rounding.Apply(there, codes, watched ? range => watch.See(place, range) : null);
        }
        else
        {
            watch.See(place, Rounding.RangeOf(there));
        }

        return offset is null ? there : there - offset;
    }
}

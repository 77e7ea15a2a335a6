using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Sscma.Training.Network;

/// <summary>
/// Runs the network with libtorch. Values are (N, C, H, W) in channels-last order, which is the faster one on CPUs.
/// In training the norms use the batch's statistics and update the running ones; else they use the running ones.
/// </summary>
public sealed class TorchOps(ParameterStore parameters, bool training) : IOps<Tensor>
{
    // The original RTMDet has 0.03 and 1e-3; the reference trains with torch's defaults.
    internal const double NormMomentum = 0.1;
    internal const double NormEps = 1e-5;

    /// <summary>Use libtorch's norm in training, the plain one that <see cref="FusedNorm"/> is tested against.</summary>
    internal bool PlainNorms { get; init; }

    /// <summary>The type of convolutions and of what flows between them (mixed precision); null for that of the parameters.</summary>
    internal ScalarType? Reduced { get; init; }

    /// <summary>An image batch in the order in which the operations are fastest.</summary>
    public static Tensor ChannelsLast(Tensor images) => images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    /// <inheritdoc/>
    public Tensor Conv(Tensor x, ConvUnit unit)
    {
        var tensors = parameters.TensorsOf(unit);
        var type = TypeOf(x, unit);
        var y = Convolve(In(type, x), In(type, tensors.Weight), tensors.Bias is { } bias ? In(type, bias) : null, unit);
        if (tensors.Norm is not { } norm)
            return y;
        if (!training)
            return Activate(RestingNorm(y, norm), unit.Activation);

        parameters.Batches[norm.Counter]++;
        if (PlainNorms || y.dtype is not (ScalarType.Float32 or ScalarType.BFloat16) || y.device_type != DeviceType.CPU)
            return Activate(PlainNorm(y, norm), unit.Activation);
        var relu = unit.Activation == Activation.Relu;
        var normed = FusedNorm.Apply(y, norm, relu, Reduced);
        return relu ? normed : Activate(normed, unit.Activation);
    }

    /// <inheritdoc/>
    public Tensor Standardize(Tensor x, float[] means, float[] deviations) =>
        (x - tensor(means, x.dtype, x.device).view(1, -1, 1, 1)) / tensor(deviations, x.dtype, x.device).view(1, -1, 1, 1);

    /// <inheritdoc/>
    public Tensor Add(Tensor a, Tensor b) => a.Plus(b);

    /// <inheritdoc/>
    public Tensor Scale(Tensor x, Tensor weights) => x * weights;

    /// <inheritdoc/>
    public Tensor Concat(params IReadOnlyList<Tensor> parts) => cat([.. parts], 1);

    /// <inheritdoc/>
    public Tensor MaxPool(Tensor x, int kernel) => F.max_pool2d(x, kernel, 1, kernel / 2);

    /// <inheritdoc/>
    public Tensor Upsample(Tensor x) => F.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Nearest);

    /// <inheritdoc/>
    public Tensor GlobalAveragePool(Tensor x) => F.adaptive_avg_pool2d(x, 1);

    /// <inheritdoc/>
    public Tensor HardSigmoid(Tensor x) => F.hardsigmoid(x);

    /// <summary>The convolution of a unit, with other constants than its own.</summary>
    internal static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, ConvUnit unit) =>
        DepthwiseConvolution.Suits(x, weight, bias, unit) ? DepthwiseConvolution.Apply(x, weight, unit) : PlainConvolve(x, weight, bias, unit);

    /// <summary>The convolution of a unit with libtorch's gradients.</summary>
    internal static Tensor PlainConvolve(Tensor x, Tensor weight, Tensor? bias, ConvUnit unit) =>
        F.conv2d(x, weight, bias, [unit.Stride, unit.Stride], [unit.Padding, unit.Padding], [1, 1], unit.Groups);

    /// <summary>A norm by its running statistics, which stay as they are.</summary>
    internal static Tensor RestingNorm(Tensor x, NormTensors norm) => F.batch_norm(x, norm.Mean, norm.Variance, norm.Scale, norm.Shift, false, NormMomentum, NormEps);

    /// <summary>A norm by the batch's statistics, with libtorch's operations alone.</summary>
    internal static Tensor PlainNorm(Tensor x, NormTensors norm)
    {
        // On the processor, libtorch's norm for plain (N, C, H, W) memory sums up in float64; the one for channels-last memory does not.
        Tensor Norm(Tensor y) => F.batch_norm(y, norm.Mean, norm.Variance, norm.Scale, norm.Shift, training: true, NormMomentum, NormEps);
        return x.device_type == DeviceType.CPU ? ChannelsLast(Norm(x.contiguous())) : Norm(x);
    }

    private static Tensor Activate(Tensor x, Activation activation) => activation switch
    {
        Activation.Relu => x.relu_(),
        Activation.Silu => F.silu(x),
        _ => x,
    };

    // On the processor depthwise convolutions are twice as slow in bfloat16 as in float32.
    private ScalarType TypeOf(Tensor x, ConvUnit unit) =>
        Reduced is not { } type || (unit.Groups > 1 && x.device_type == DeviceType.CPU) ? parameters.Values.dtype : type;

    // A cast has a gradient: that of a weight arrives in the weight's own type.
    private static Tensor In(ScalarType type, Tensor x) => x.dtype == type ? x : x.to_type(type);
}

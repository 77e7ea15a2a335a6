using Sscma.Onnx;
using static TorchSharp.torch;

namespace Sscma.Training.Network;

/// <summary>A value of the graph that is being written.</summary>
/// <param name="Name">Its name.</param>
public sealed record OnnxValue(string Name);

/// <summary>
/// Writes the network down as ONNX nodes, norms folded into the convolutions before them:
/// w′ = w·γ/√(σ² + ε), b′ = β − μ·γ/√(σ² + ε), computed in double.
/// </summary>
public sealed class OnnxOps(ParameterStore parameters, OnnxModel model) : IOps<OnnxValue>
{
    private const string DoubleSize = "upsample.scales";

    /// <summary>Name of the node of a convolution.</summary>
    internal static string NodeOf(ConvUnit unit) => unit.HasNorm ? $"{unit.Name}.conv" : unit.Name;

    /// <summary>Name of a convolution's result before its activation; an output of the network has another one.</summary>
    internal static string ResultOf(ConvUnit unit) => $"{NodeOf(unit)}.out";

    /// <summary>Name of the sigmoid within a SiLU.</summary>
    internal static string SigmoidOf(ConvUnit unit) => $"{unit.Name}.sigmoid.out";

    /// <inheritdoc/>
    public OnnxValue Conv(OnnxValue x, ConvUnit unit)
    {
        var (weight, bias) = Fold(unit);
        model.Initializers.Add(OnnxTensor.From($"{unit.Name}.weight", weight, unit.WeightShape));
        model.Initializers.Add(OnnxTensor.From($"{unit.Name}.bias", bias, unit.Out));
        var y = Add(
            "Conv", NodeOf(unit), [x.Name, $"{unit.Name}.weight", $"{unit.Name}.bias"],
            ("dilations", new long[] { 1, 1 }),
            ("group", (long)unit.Groups),
            ("kernel_shape", new long[] { unit.Kernel, unit.Kernel }),
            ("pads", new long[] { unit.Padding, unit.Padding, unit.Padding, unit.Padding }),
            ("strides", new long[] { unit.Stride, unit.Stride }));
        return (unit.HasNorm ? unit.Activation : Activation.None) switch
        {
            Activation.Relu => Add("Relu", $"{unit.Name}.relu", [y.Name]),
            Activation.Silu => Add("Mul", $"{unit.Name}.silu", [y.Name, Add("Sigmoid", $"{unit.Name}.sigmoid", [y.Name]).Name]),
            _ => y,
        };
    }

    /// <inheritdoc/>
    public OnnxValue Standardize(OnnxValue x, float[] means, float[] deviations)
    {
        model.Initializers.Add(OnnxTensor.From("standardize.scale", [.. deviations.Select(deviation => 1 / deviation)], 1, deviations.Length, 1, 1));
        model.Initializers.Add(OnnxTensor.From("standardize.shift", [.. means.Zip(deviations, (mean, deviation) => -mean / deviation)], 1, means.Length, 1, 1));
        var scaled = Add("Mul", "standardize.mul", [x.Name, "standardize.scale"]);
        return Add("Add", "standardize.add", [scaled.Name, "standardize.shift"]);
    }

    /// <inheritdoc/>
    public OnnxValue Add(OnnxValue a, OnnxValue b) => Add("Add", Numbered("add"), [a.Name, b.Name]);

    /// <inheritdoc/>
    public OnnxValue Scale(OnnxValue x, OnnxValue weights) => Add("Mul", Numbered("scale"), [x.Name, weights.Name]);

    /// <inheritdoc/>
    public OnnxValue Concat(params IReadOnlyList<OnnxValue> parts) => Add("Concat", Numbered("concat"), [.. parts.Select(part => part.Name)], ("axis", 1L));

    /// <inheritdoc/>
    public OnnxValue MaxPool(OnnxValue x, int kernel)
    {
        long pad = kernel / 2;
        return Add(
            "MaxPool", Numbered("pool"), [x.Name],
            ("kernel_shape", new long[] { kernel, kernel }),
            ("pads", new[] { pad, pad, pad, pad }),
            ("strides", new long[] { 1, 1 }));
    }

    /// <inheritdoc/>
    public OnnxValue Upsample(OnnxValue x)
    {
        if (model.Initializers.TrueForAll(tensor => tensor.Name != DoubleSize))
            model.Initializers.Add(OnnxTensor.From(DoubleSize, [1f, 1f, 2f, 2f], 4));
        return Add(
            "Resize", Numbered("upsample"), [x.Name, "", DoubleSize],
            ("coordinate_transformation_mode", "asymmetric"),
            ("mode", "nearest"),
            ("nearest_mode", "floor"));
    }

    /// <inheritdoc/>
    public OnnxValue GlobalAveragePool(OnnxValue x) => Add("GlobalAveragePool", Numbered("mean"), [x.Name]);

    /// <inheritdoc/>
    public OnnxValue HardSigmoid(OnnxValue x) => Add("HardSigmoid", Numbered("hard_sigmoid"), [x.Name], ("alpha", 1f / 6), ("beta", 0.5f));

    private OnnxValue Add(string op, string name, string[] inputs, params (string Name, object Value)[] attributes)
    {
        model.Nodes.Add(OnnxNode.Of(op, name, inputs, $"{name}.out", attributes));
        return new OnnxValue($"{name}.out");
    }

    private string Numbered(string stem) => $"{stem}.{model.Nodes.Count}";

    private (float[] Weight, float[] Bias) Fold(ConvUnit unit)
    {
        var tensors = parameters.TensorsOf(unit);
        var weight = Values(tensors.Weight);
        if (tensors.Norm is not { } norm)
            return (weight, Values(tensors.Bias!));

        float[] scale = Values(norm.Scale), bias = Values(norm.Shift), mean = Values(norm.Mean), variance = Values(norm.Variance);
        for (var channel = 0; channel < unit.Out; channel++)
        {
            var factor = scale[channel] / Math.Sqrt(variance[channel] + TorchOps.NormEps);
            foreach (ref var w in weight.AsSpan(channel * unit.FanIn, unit.FanIn))
                w = (float)(w * factor);
            bias[channel] = (float)(bias[channel] - (mean[channel] * factor));
        }

        return (weight, bias);
    }

    private static float[] Values(Tensor tensor)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return tensor.detach().to_type(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }
}

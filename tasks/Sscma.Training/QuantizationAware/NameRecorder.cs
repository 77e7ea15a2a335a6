using Sscma.Onnx;
using Sscma.Training.Network;

namespace Sscma.Training.QuantizationAware;

/// <summary>Writes a network down and remembers which node came of which operation, in their order.</summary>
internal sealed class NameRecorder(IOps<OnnxValue> ops, OnnxModel model) : IOps<OnnxValue>
{
    private readonly List<int> _nodes = [];

    /// <summary>Name of the result of each operation, as the finished model calls it.</summary>
    public IReadOnlyList<string> Results => [.. _nodes.Select(node => model.Nodes[node].Outputs[0])];

    /// <inheritdoc/>
    public OnnxValue Conv(OnnxValue x, ConvUnit unit) => Noted(ops.Conv(x, unit));

    /// <inheritdoc/>
    public OnnxValue Standardize(OnnxValue x, float[] means, float[] deviations) => Noted(ops.Standardize(x, means, deviations));

    /// <inheritdoc/>
    public OnnxValue Add(OnnxValue a, OnnxValue b) => Noted(ops.Add(a, b));

    /// <inheritdoc/>
    public OnnxValue Scale(OnnxValue x, OnnxValue weights) => Noted(ops.Scale(x, weights));

    /// <inheritdoc/>
    public OnnxValue Concat(params IReadOnlyList<OnnxValue> parts) => Noted(ops.Concat(parts));

    /// <inheritdoc/>
    public OnnxValue MaxPool(OnnxValue x, int kernel) => Noted(ops.MaxPool(x, kernel));

    /// <inheritdoc/>
    public OnnxValue Upsample(OnnxValue x) => Noted(ops.Upsample(x));

    /// <inheritdoc/>
    public OnnxValue GlobalAveragePool(OnnxValue x) => Noted(ops.GlobalAveragePool(x));

    /// <inheritdoc/>
    public OnnxValue HardSigmoid(OnnxValue x) => Noted(ops.HardSigmoid(x));

    private OnnxValue Noted(OnnxValue result)
    {
        _nodes.Add(model.Nodes.Count - 1);
        return result;
    }
}

using Sscma.Quantization.Calibration;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Scales;
using Sscma.Tflite;

namespace Sscma.Quantization;

/// <summary>A converted model and how it came about.</summary>
/// <param name="Model">The model.</param>
/// <param name="Plan">The network as it was written, with the codes of its values; a float model has none.</param>
/// <param name="Places">Where each value lies among the model's tensors.</param>
internal sealed record Conversion(TfliteModel Model, ScalePlan Plan, IReadOnlyDictionary<Value, int> Places)
{
    /// <summary>The constants of every convolution in codes, by its result; a float model has none.</summary>
    public IReadOnlyDictionary<Value, QuantizedKernel> Kernels { get; init; } = new Dictionary<Value, QuantizedKernel>();

    /// <summary>What calibration saw, by the value's name.</summary>
    public IReadOnlyDictionary<string, ValueRange> Seen { get; init; } = new Dictionary<string, ValueRange>();

    /// <summary>What each channel of a float value was multiplied by, by the value's name; values that are absent were left as they are.</summary>
    public IReadOnlyDictionary<string, float[]> Factors { get; init; } = new Dictionary<string, float[]>();

    /// <summary>How the ranges were taken; null for a float model.</summary>
    public Candidate? Calibration { get; init; }

    /// <summary>All that was tried, in order; empty where there was no choice.</summary>
    public IReadOnlyList<Candidate> Tried { get; init; } = [];

    /// <summary>The operator that makes a value.</summary>
    public TfliteOperator OperatorOf(Value value) => Model.Operators.First(node => node.Outputs[0] == Places[value]);

    /// <summary>Range of the float model's value of the same name; null if it has none.</summary>
    public ValueRange? SeenOf(Value value) => Seen.TryGetValue(value.Name, out var range) ? range : null;
}

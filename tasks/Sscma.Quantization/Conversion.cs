using Sscma.Quantization.Graph;
using Sscma.Quantization.Scales;
using Sscma.Tflite;

namespace Sscma.Quantization;

/// <summary>A converted model and how it came about.</summary>
/// <param name="Model">The int8 model.</param>
/// <param name="Plan">The network as it was written, with the codes of its values.</param>
/// <param name="Places">Where each value lies among the model's tensors.</param>
/// <param name="Seen">What calibration saw, by the value's name.</param>
internal sealed record Conversion(
    TfliteModel Model, ScalePlan Plan, IReadOnlyDictionary<Value, int> Places, IReadOnlyDictionary<string, ValueRange> Seen)
{
    /// <summary>Range of the float model's value of the same name; null if it has none.</summary>
    public ValueRange? SeenOf(Value value) => Seen.TryGetValue(value.Name, out var range) ? range : null;
}

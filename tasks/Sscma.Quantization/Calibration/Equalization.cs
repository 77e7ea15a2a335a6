using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Calibration;

/// <summary>
/// Cross-layer equalization: where a value goes from a convolution (with ReLU or no activation) to convolutions only, each of its channels may be
/// scaled, if the weights that read it are scaled back. Channels that use the codes badly are made to use them better. Factors are
/// powers of two, so the float network stays the same to the bit.
/// </summary>
internal static class Equalization
{
    /// <summary>A channel that hardly lives is not blown up to noise.</summary>
    private const int MostBits = 6;

    /// <summary>Equalizes a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="statistics">The first walk's statistics of its values.</param>
    /// <returns>The network, and the factor of each channel of the values that were scaled.</returns>
    public static (Network Network, IReadOnlyDictionary<Value, float[]> Factors) Apply(Network network, IReadOnlyDictionary<Value, ValueStatistics> statistics)
    {
        Layer[] layers = [.. network.Layers];
        var factors = new Dictionary<Value, float[]>();
        for (var maker = 0; maker < layers.Length; maker++)
        {
            if (layers[maker] is not ConvLayer { Activation: Activation.None or Activation.Relu, Saturation: null, Output: var value } conv)
                continue;
            if (value.Given is not null || !statistics.TryGetValue(value, out var seen) || ReadersOf(network, value, layers) is not { Count: > 0 } readers)
                continue;
            var factor = FactorsOf(seen.Magnitudes, [.. readers.Select(reader => (ConvLayer)layers[reader])]);
            if (Array.TrueForAll(factor, one => one == 1))
                continue;
            layers[maker] = conv.Then(factor, new float[factor.Length], value);
            foreach (var reader in readers)
                layers[reader] = Reading((ConvLayer)layers[reader], factor);
            factors.Add(value, factor);
        }

        return (network with { Layers = layers }, factors);
    }

    /// <summary>The convolutions that read a value, by itself or with a border of zeros; null when something else reads it.</summary>
    private static List<int>? ReadersOf(Network network, Value value, Layer[] layers)
    {
        if (network.Outputs.Contains(value))
            return null;
        List<int> readers = [];
        for (var i = 0; i < layers.Length; i++)
        {
            if (!layers[i].Inputs.Contains(value))
                continue;
            if (layers[i] is ConvLayer)
                readers.Add(i);
            else if (layers[i] is PadLayer pad && ReadersOf(network, pad.Output, layers) is { } behind)
                readers.AddRange(behind);
            else
                return null;
        }

        return readers;
    }

    /// <summary>
    /// Depthwise readers have a scale of their own for each channel: there every channel may use all codes. A reader that sums over channels has one
    /// scale for all of them; there the loss is shared between the value and the weights.
    /// </summary>
    private static float[] FactorsOf(float[] magnitudes, ConvLayer[] readers)
    {
        var weights = new float[magnitudes.Length];
        foreach (var reader in readers.Where(reader => !reader.Depthwise))
        {
            foreach (var row in reader.Kernel)
            {
                for (var tap = 0; tap < row.Length; tap++)
                    weights[tap % weights.Length] = Math.Max(weights[tap % weights.Length], Math.Abs(row[tap]));
            }
        }

        var summing = readers.Any(reader => !reader.Depthwise);
        var wanted = magnitudes.Select((magnitude, channel) => !summing ? 1 : Math.Sqrt((double)magnitude * weights[channel])).ToArray();
        var alive = Enumerable.Range(0, wanted.Length).Where(channel => magnitudes[channel] > 0 && wanted[channel] > 0).ToArray();
        var factors = new float[magnitudes.Length];
        factors.AsSpan().Fill(1);
        if (alive.Length == 0)
            return factors;
        // The largest channel keeps its magnitude.
        var (largest, most) = (alive.Max(channel => magnitudes[channel]), alive.Max(channel => wanted[channel]));
        foreach (var channel in alive)
        {
            var bits = Math.Round(Math.Log2(wanted[channel] / most * largest / magnitudes[channel]));
            factors[channel] = (float)Math.ScaleB(1, (int)Math.Clamp(bits, -MostBits, MostBits));
        }

        return factors;
    }

    private static ConvLayer Reading(ConvLayer layer, float[] factors)
    {
        var kernel = new float[layer.Kernel.Length][];
        var perChannel = layer.Kernel.Length / factors.Length;
        for (var output = 0; output < kernel.Length; output++)
        {
            var row = layer.Kernel[output];
            kernel[output] = new float[row.Length];
            for (var tap = 0; tap < row.Length; tap++)
                kernel[output][tap] = row[tap] / factors[layer.Depthwise ? output / perChannel : tap % factors.Length];
        }

        return layer with { Kernel = kernel, GivenScales = null };
    }
}

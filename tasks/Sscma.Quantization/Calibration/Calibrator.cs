using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Calibration;

/// <summary>Runs the float model over the calibration images and watches every value of the network.</summary>
internal static class Calibrator
{
    /// <summary>First walk: range and means of each value that the ONNX graph computes.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="network">The network that was read from it.</param>
    /// <param name="images">Each (3, H, W).</param>
    /// <param name="threads">Threads inside one operator.</param>
    /// <exception cref="DiagnosticException">SSCMA3005: a value is not finite.</exception>
    public static IReadOnlyDictionary<Value, ValueStatistics> Observe(OnnxModel model, Network network, IReadOnlyList<float[]> images, int threads)
    {
        var computed = model.Nodes.SelectMany(node => node.Outputs).ToHashSet(StringComparer.Ordinal);
        var watched = network.Values.Where(value => value != network.Input && value.Shape.Length == 4 && computed.Contains(value.Name)).ToArray();
        var statistics = watched.Prepend(network.Input).ToDictionary(value => value, value => new ValueStatistics(value.Channels));
        using var session = OnnxSession.WithValues(model, watched.Select(value => value.Name), threads);
        for (var image = 0; image < images.Count; image++)
        {
            var pixels = images[image];
            statistics[network.Input].Observe(pixels);
            session.Run(pixels, network.Input, watched, (value, data) =>
            {
                if (!statistics[value].Observe(data))
                    throw NotFinite(value, image);
            });
        }

        return statistics;
    }

    /// <summary>Second walk: the histograms.</summary>
    public static void Count(OnnxModel model, Network network, IReadOnlyDictionary<Value, ValueStatistics> statistics, IReadOnlyList<float[]> images, int threads)
    {
        var watched = statistics.Keys.Where(value => value != network.Input).ToArray();
        using var session = OnnxSession.WithValues(model, watched.Select(value => value.Name), threads);
        for (var image = 0; image < images.Count; image++)
        {
            var pixels = images[image];
            statistics[network.Input].Count(pixels);
            session.Run(pixels, network.Input, watched, (value, data) => statistics[value].Count(data));
        }
    }

    private delegate void Visitor(Value value, ReadOnlySpan<float> data);

    private static void Run(this OnnxSession session, float[] pixels, Value input, Value[] watched, Visitor visit)
    {
        var results = session.Run(pixels, 1, input.Channels, input.Height, input.Width);
        foreach (var (value, result) in watched.Zip(results))
        {
            if (result.Count != value.Count)
                throw new InvalidOperationException($"ONNX Runtime gives '{value.Name}' the shape [{string.Join(',', result.Shape)}], the importer {value}");
            visit(value, ByChannel(value, result.Values<float>()));
        }
    }

    /// <summary>What ONNX computed as (C, H, W).</summary>
    public static ReadOnlySpan<float> ByChannel(Value value, ReadOnlySpan<float> data)
    {
        if (!value.ChannelsLast || value.Channels == value.Count)
            return data;
        var (channels, pixels) = (value.Channels, value.Count / value.Channels);
        var turned = new float[data.Length];
        for (var i = 0; i < turned.Length; i++)
            turned[((i % channels) * pixels) + (i / channels)] = data[i];
        return turned;
    }

    private static DiagnosticException NotFinite(Value value, int image) => new(
        Codes.ActivationNotFinite,
        $"the value '{value.Name}' of the ONNX graph is not a finite number for calibration image {image + 1}: the weights are broken. Train again, or take an earlier checkpoint.");
}

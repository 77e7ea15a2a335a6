using Sscma.Onnx;
using Sscma.Quantization.Calibration;
using Sscma.Quantization.Emission;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Import;
using Sscma.Quantization.Scales;

namespace Sscma.Quantization;

/// <summary>Any ONNX graph of known operators → int8 TFLite: import, watch, plan the scales, write.</summary>
internal static class Int8Converter
{
    /// <summary>An 8-bit image: code = pixel - 128, real = pixel / 255. The firmware feeds a file so, whatever the file says.</summary>
    public static readonly Codes8 PixelCodes = new(1f / 255, -128);

    /// <summary>Converts.</summary>
    /// <param name="model">The float model; its input is an image in 0..1.</param>
    /// <param name="calibration">Images, each (C, H, W).</param>
    /// <param name="options">How.</param>
    /// <param name="finish">What is changed in the network between calibration and the choice of scales; its second argument is the ranges and may be added to.</param>
    public static Conversion Convert(
        OnnxModel model, IReadOnlyList<float[]> calibration, ConversionOptions options, Func<Network, Dictionary<Value, ValueRange>, Network>? finish = null)
    {
        var network = OnnxImporter.Import(model);
        var statistics = Calibrator.Watch(model, network, calibration, options.Ranges == RangeMethod.LeastSquares, options.Threads);
        var seen = statistics.ToDictionary(pair => pair.Key.Name, pair => pair.Value.Range);
        var ranges = Ranges(network, statistics, options.Ranges);
        if (finish is not null)
            network = finish(network, ranges);
        var plan = ScalePlan.Of(network, ranges, PixelCodes);
        var means = options.CorrectBias ? Means(plan.Network, statistics) : [];
        var (written, places) = LayerEmitter.Emit(plan, means, "Sscma.Build");
        return new Conversion(written, plan, places, seen);
    }

    /// <summary>Outputs keep all that was seen, whatever the method: a box cut short is a wrong box.</summary>
    private static Dictionary<Value, ValueRange> Ranges(Network network, IReadOnlyDictionary<Value, ValueStatistics> statistics, RangeMethod method)
    {
        var outputs = network.Outputs.Select(output => network.MakerOf(output) is ReshapeLayer reshape ? reshape.Input : output).ToHashSet();
        return statistics.ToDictionary(
            pair => pair.Key,
            pair => method == RangeMethod.MinMax || outputs.Contains(pair.Key) ? pair.Value.Range : RangeSearch.LeastSquares(pair.Value));
    }

    private static Dictionary<Value, float[]> Means(Network network, IReadOnlyDictionary<Value, ValueStatistics> statistics)
    {
        var means = statistics.ToDictionary(pair => pair.Key, pair => pair.Value.Means);
        // A border of zeros lowers the mean a little; the border is neglected throughout.
        foreach (var pad in network.Layers.OfType<PadLayer>())
        {
            if (means.TryGetValue(pad.Input, out var mean))
                means.TryAdd(pad.Output, mean);
        }

        return means;
    }
}

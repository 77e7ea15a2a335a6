using Sscma.Onnx;
using Sscma.Quantization.Calibration;
using Sscma.Quantization.Emission;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Import;
using Sscma.Quantization.Reports;
using Sscma.Quantization.Scales;

namespace Sscma.Quantization;

/// <summary>Any ONNX graph of known operators → TFLite: import, watch, plan the scales, write.</summary>
internal sealed class Converter
{
    /// <summary>Candidates are compared on so many calibration images, evenly drawn from them.</summary>
    private const int TrialImages = 16;

    /// <summary>Of candidates that do equally well the first is kept.</summary>
    private static readonly RangeMethod[] Methods = [RangeMethod.Mse, RangeMethod.MinMax, RangeMethod.Percentile, RangeMethod.Entropy];

    private readonly OnnxModel _model;
    private readonly IReadOnlyList<float[]> _images;
    private readonly ConversionOptions _options;
    private readonly Func<Network, Dictionary<Value, ValueRange>, Network> _finish;

    private Converter(OnnxModel model, IReadOnlyList<float[]> images, ConversionOptions options, Func<Network, Dictionary<Value, ValueRange>, Network>? finish) =>
        (_model, _images, _options, _finish) = (model, images, options, finish ?? ((network, _) => network));

    /// <summary>Converts.</summary>
    /// <param name="model">The float model; its input is an image in 0..1.</param>
    /// <param name="calibration">Images, each (C, H, W); a float file needs none.</param>
    /// <param name="options">How.</param>
    /// <param name="finish">
    /// What is changed in the network between calibration and the choice of scales; its second argument is the ranges, empty for a float file, and may be added to.
    /// </param>
    public static Conversion Convert(
        OnnxModel model, IReadOnlyList<float[]> calibration, ConversionOptions options, Func<Network, Dictionary<Value, ValueRange>, Network>? finish = null)
    {
        var converter = new Converter(model, calibration, options, finish);
        return options.Precision.IsQuantized() ? converter.Quantized() : converter.Float();
    }

    private Conversion Float()
    {
        var network = _finish(OnnxImporter.Import(_model), []);
        var encoding = new FloatEncoding(_options.Precision == Precision.Float16);
        var (written, places) = LayerEmitter.Emit(network, encoding, "Sscma.Build");
        return new Conversion(written, new ScalePlan(network, new Dictionary<Value, Codes>()), places);
    }

    private Conversion Quantized()
    {
        var network = OnnxImporter.Import(_model, _options.Precision.HasHardSwish());
        var observed = Calibrator.Observe(network.Lowered!, network, _images, _options.Threads);
        RangeMethod[] methods = _options.Ranges is { } only ? [only] : Methods;
        bool[] ways = _options.Equalize is { } equalize ? [equalize] : methods.Length > 1 ? [false, true] : [false];
        var choice = methods.Length * ways.Length > 1;
        Conversion? best = null;
        List<Candidate> tried = [];
        foreach (var way in ways)
        {
            var prepared = Prepare(network, observed, way, histograms: methods.Any(method => method != RangeMethod.MinMax));
            foreach (var method in methods)
            {
                var conversion = Quantize(prepared, new Candidate(method, way));
                if (choice)
                    conversion = conversion with { Calibration = conversion.Calibration! with { SqnrDb = Comparison.OfOutputs(conversion, _model, Trial(), _options.Threads) } };
                tried.Add(conversion.Calibration!);
                if (best is null || conversion.Calibration!.SqnrDb > best.Calibration!.SqnrDb)
                    best = conversion;
            }
        }

        return choice ? best! with { Tried = tried } : best!;
    }

    private Prepared Prepare(Network network, IReadOnlyDictionary<Value, ValueStatistics> observed, bool equalize, bool histograms)
    {
        IReadOnlyDictionary<Value, float[]> factors = new Dictionary<Value, float[]>();
        if (equalize)
            (network, factors) = Equalization.Apply(network, observed);
        var statistics = observed.ToDictionary(
            pair => pair.Key, pair => pair.Value.Scaled(factors.GetValueOrDefault(pair.Key) ?? [.. Enumerable.Repeat(1f, pair.Key.Channels)]));
        if (histograms)
            Calibrator.Count(network.Lowered!, network, statistics, _images, _options.Threads);
        return new Prepared(network, statistics, factors);
    }

    private Conversion Quantize(Prepared prepared, Candidate candidate)
    {
        var ranges = Ranges(prepared, candidate.Method);
        var network = _finish(prepared.Network, ranges);
        var plan = ScalePlan.Of(network, ranges, _options.Precision.Activations());
        var kernels = plan.Kernels(_options.CorrectBias ? Means(plan.Network, prepared.Statistics) : []);
        var (written, places) = LayerEmitter.Emit(plan.Network, new QuantizedEncoding(plan, kernels), "Sscma.Build");
        return new Conversion(written, plan, places)
        {
            Kernels = kernels,
            Seen = prepared.Statistics.ToDictionary(pair => pair.Key.Name, pair => pair.Value.Range),
            Factors = prepared.Factors.ToDictionary(pair => pair.Key.Name, pair => pair.Value),
            Calibration = candidate,
        };
    }

    /// <summary>Outputs keep all that was seen, whatever the method: a box cut short is a wrong box.</summary>
    private Dictionary<Value, ValueRange> Ranges(Prepared prepared, RangeMethod method)
    {
        var network = prepared.Network;
        var steps = Codes.Steps(_options.Precision.Activations());
        var outputs = network.Outputs.Select(network.SourceOf).ToHashSet();
        return prepared.Statistics.ToDictionary(
            pair => pair.Key, pair => RangeSearch.Find(outputs.Contains(pair.Key) ? RangeMethod.MinMax : method, pair.Value, steps));
    }

    private List<float[]> Trial()
    {
        var count = Math.Min(TrialImages, _images.Count);
        return [.. Enumerable.Range(0, count).Select(i => _images[(int)((long)i * _images.Count / count)])];
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

    /// <summary>A network, equalized or not, with all that calibration learned about it.</summary>
    private sealed record Prepared(Network Network, IReadOnlyDictionary<Value, ValueStatistics> Statistics, IReadOnlyDictionary<Value, float[]> Factors);
}

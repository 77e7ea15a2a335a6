using Sscma.Quantization;
using Sscma.Tensors;
using Sscma.Training.Network;
using Sscma.Training.Optimization;

namespace Sscma.Training.QuantizationAware;

/// <summary>
/// The ranges that a quantization-aware training learns, and the codes that follow from them: those that the exporter will choose for the same ranges.
/// A range moves by a hundredth of the way to that of each batch, as the reference's observers do.
/// </summary>
internal sealed class RangeLearner
{
    private const float Share = 0.01f;
    private const string Lows = "ranges.low";
    private const string Highs = "ranges.high";

    private readonly CodePlanner _planner;
    private readonly Dictionary<string, int> _places;
    private RealRange[]? _ranges;

    /// <summary>A learner that knows no range yet.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="imageSize">Side of its images in pixels.</param>
    public RangeLearner(RtmDet detector, int imageSize)
    {
        NameRecorder? recorder = null;
        _planner = new CodePlanner(OnnxExport.Write(detector, imageSize, imageSize, (ops, model) => recorder = new NameRecorder(ops, model)));
        Results = recorder!.Results;
        _places = _planner.Values.Select((name, place) => (name, place)).ToDictionary(entry => entry.name, entry => entry.place);
    }

    /// <summary>Names of the results of the network's operations, in their order.</summary>
    public IReadOnlyList<string> Results { get; }

    /// <summary>The codes of the moment; null while no range is known.</summary>
    public CodePlan? Plan { get; private set; }

    /// <summary>The ranges stay as they are.</summary>
    public bool RangesRest { get; set; }

    /// <summary>The norms use their running statistics, which stay as they are.</summary>
    public bool NormsRest { get; set; }

    /// <summary>The ranges, by the value's name in the ONNX graph.</summary>
    public IReadOnlyDictionary<string, (float Low, float High)> Ranges => _places.ToDictionary(place => place.Key, place => (_ranges![place.Value].Low, _ranges[place.Value].High));

    /// <summary>Number of a value whose range is learnt; null for others.</summary>
    public int? PlaceOf(string value) => _places.TryGetValue(value, out var place) ? place : null;

    /// <summary>What the file adds to the results of a convolution.</summary>
    public IReadOnlyList<ChannelTerm> TermsOf(ConvUnit unit) => _planner.TermsOf(OnnxOps.NodeOf(unit));

    /// <summary>A watch for one thread.</summary>
    public RangeWatch NewWatch() => new(_places.Count);

    /// <summary>Takes in what the threads have seen in one step, and clears their watches.</summary>
    public void Follow(IReadOnlyList<RangeWatch> watches)
    {
        if (!RangesRest)
        {
            var seen = Enumerable.Range(0, _places.Count).Select(place => watches.Aggregate(RealRange.Empty, (range, watch) => range.With(watch[place]))).ToArray();
            Know(_ranges is null ? seen : [.. _ranges.Zip(seen, (range, batch) => batch.IsEmpty ? range : range.Towards(batch, Share))]);
        }

        foreach (var watch in watches)
            watch.Clear();
    }

    /// <summary>The ranges as tensors.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Export() => new Dictionary<string, StoredTensor>
    {
        [Lows] = StoredTensor.From([.. _ranges!.Select(range => range.Low)], _ranges!.Length),
        [Highs] = StoredTensor.From([.. _ranges!.Select(range => range.High)], _ranges!.Length),
    };

    /// <summary>Tensors without those of <see cref="Export"/>.</summary>
    public static IReadOnlyDictionary<string, StoredTensor> Without(IReadOnlyDictionary<string, StoredTensor> tensors) =>
        tensors.Where(entry => entry.Key is not (Lows or Highs)).ToDictionary();

    /// <summary>Takes over exported ranges.</summary>
    /// <exception cref="InvalidDataException">They belong to another network.</exception>
    public void Import(IReadOnlyDictionary<string, StoredTensor> state)
    {
        var lows = FlatState.Find(state, Lows, "F32", _places.Count).As<float>().ToArray();
        var highs = FlatState.Find(state, Highs, "F32", _places.Count).As<float>().ToArray();
        Know([.. lows.Zip(highs, (low, high) => new RealRange(low, high))]);
    }

    private void Know(RealRange[] ranges)
    {
        _ranges = ranges;
        Plan = _planner.Plan(Ranges);
    }
}

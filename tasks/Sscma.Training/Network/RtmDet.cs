using Sscma.Natives;
using Sscma.Training.Configuration;
using Sscma.Training.QuantizationAware;
using static TorchSharp.torch;

namespace Sscma.Training.Network;

/// <summary>A detector: the plan of its network and the numbers in it.</summary>
public sealed class RtmDet : IDisposable
{
    /// <summary>A detector with given numbers, which it owns from now on.</summary>
    public RtmDet(RtmDetNetwork network, ParameterStore parameters)
    {
        Network = network;
        Parameters = parameters;
    }

    /// <summary>The plan.</summary>
    public RtmDetNetwork Network { get; }

    /// <summary>The numbers.</summary>
    public ParameterStore Parameters { get; }

    /// <summary>The type in which training computes between the head's outputs and the images; null for that of the numbers. Outputs have the numbers' type.</summary>
    public ScalarType? Reduced { get; init; }

    /// <summary>Where it computes as its int8 file does: the ranges and codes of its values; null for floats.</summary>
    internal RangeLearner? Learner { get; private set; }

    /// <summary>What it sees of its values while it learns their ranges.</summary>
    internal RangeWatch? Watch { get; private set; }

    /// <summary>A new detector with freshly drawn weights. The same seed gives the same weights on every machine.</summary>
    public static RtmDet Create(DetectorConfig config, int classes, long seed, Device? device = null, ScalarType? reduced = null) =>
        Create(config.Model with { NumClasses = classes }, seed, device: device, reduced: reduced);

    /// <inheritdoc cref="Create(DetectorConfig, int, long, Device?, ScalarType?)"/>
    public static RtmDet Create(ModelConfig config, long seed, ScalarType type = ScalarType.Float32, Device? device = null, ScalarType? reduced = null)
    {
        NativeLibraries.UseTorch();
        var network = new RtmDetNetwork(config);
        var parameters = new ParameterStore(network.Units, trained: true, type, device);
        WeightInitializer.Fill(parameters, seed);
        return new RtmDet(network, parameters) { Reduced = reduced };
    }

    /// <summary>
    /// Runs a batch. <paramref name="images"/> is (N, 3, H, W), RGB, pixel/255, H and W multiples of 32.
    /// The caller holds a dispose scope: every intermediate value lives until it ends.
    /// </summary>
    /// <param name="images">The batch.</param>
    /// <param name="training">Norms use (and follow) the batch's statistics.</param>
    public HeadOutputs Forward(Tensor images, bool training)
    {
        if (Learner is not null)
            return Forward(new QuantizedOps(Parameters, Learner, Watch!, training), images);
        if (!training || Reduced is not { } type)
            return Forward(new TorchOps(Parameters, training), images);
        var outputs = Forward(new TorchOps(Parameters, training) { Reduced = type }, images);
        return new HeadOutputs([.. outputs.Classes.Select(map => map.to_type(Parameters.Values.dtype))], [.. outputs.Distances.Select(map => map.to_type(Parameters.Values.dtype))]);
    }

    /// <summary>From now on it computes as its int8 file does.</summary>
    internal void Quantize(RangeLearner learner) => (Learner, Watch) = (learner, learner.NewWatch());

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();

    private HeadOutputs Forward(IOps<Tensor> ops, Tensor images)
    {
        var (classes, distances) = Network.Forward(ops, TorchOps.ChannelsLast(images));
        return new HeadOutputs(classes, distances);
    }
}

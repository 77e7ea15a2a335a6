using Sscma.Natives;
using Sscma.Training.Configuration;
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

    /// <summary>A new detector with freshly drawn weights. The same seed gives the same weights on every machine.</summary>
    public static RtmDet Create(DetectorConfig config, int classes, long seed) => Create(config.Model with { NumClasses = classes }, seed);

    /// <inheritdoc cref="Create(DetectorConfig, int, long)"/>
    public static RtmDet Create(ModelConfig config, long seed, ScalarType type = ScalarType.Float32)
    {
        NativeLibraries.UseTorch();
        var network = new RtmDetNetwork(config);
        var parameters = new ParameterStore(network.Units, trained: true, type);
        WeightInitializer.Fill(parameters, seed);
        return new RtmDet(network, parameters);
    }

    /// <summary>
    /// Runs a batch. <paramref name="images"/> is (N, 3, H, W), RGB, pixel/255, H and W multiples of 32.
    /// The caller holds a dispose scope: every intermediate value lives until it ends.
    /// </summary>
    /// <param name="images">The batch.</param>
    /// <param name="training">Norms use (and follow) the batch's statistics.</param>
    public HeadOutputs Forward(Tensor images, bool training)
    {
        var (classes, distances) = Network.Forward(new TorchOps(Parameters, training), TorchOps.ChannelsLast(images));
        return new HeadOutputs(classes, distances);
    }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();
}

using Sscma.Tensors;
using Sscma.Training.Configuration;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.Optimization;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov, Hutter, ICLR 2019) over the flat buffer of a <see cref="ParameterStore"/>:
/// convolution weights decay, norms and biases do not.
/// </summary>
public sealed class AdamW : IDisposable
{
    private readonly ParameterStore _parameters;
    private readonly OptimConfig _config;
    private readonly Tensor _values;
    private readonly Tensor _decayed;
    private readonly Tensor _mean;
    private readonly Tensor _square;

    /// <summary>An optimiser that has made no step.</summary>
    public AdamW(ParameterStore parameters, OptimConfig config)
    {
        (_parameters, _config) = (parameters, config);
        _values = parameters.Values.narrow(0, 0, parameters.TrainedCount).DetachFromDisposeScope();
        _decayed = parameters.Values.narrow(0, 0, parameters.DecayedCount).DetachFromDisposeScope();
        _mean = zeros_like(_values).DetachFromDisposeScope();
        _square = zeros_like(_values).DetachFromDisposeScope();
    }

    /// <summary>Use libtorch's operations one after the other, the plain way that <see cref="AdamWKernel"/> is tested against.</summary>
    internal bool Plain { get; init; }

    /// <summary>Steps so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Changes the parameters by the gradients that lie in the store, and clears these.</summary>
    public void Step(double learningRate)
    {
        var gradients = _parameters.Gradients ?? throw new InvalidOperationException("this store makes no gradients");
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        Steps++;
        var meanCorrection = 1 - Math.Pow(_config.Beta1, Steps);
        var squareCorrection = 1 - Math.Pow(_config.Beta2, Steps);
        if (!Plain && _values.dtype == ScalarType.Float32 && _values.device_type == TorchSharp.DeviceType.CPU)
        {
            var kernel = new AdamWKernel
            {
                MeanShare = (float)(1 - _config.Beta1),
                SquareShare = (float)(1 - _config.Beta2),
                Rate = (float)(learningRate / meanCorrection),
                SquareCorrection = (float)Math.Sqrt(squareCorrection),
                Eps = (float)_config.Eps,
                Decay = (float)(learningRate * _config.WeightDecay),
                Decayed = _parameters.DecayedCount,
            };
            kernel.Step(TensorMemory.Of(_values), TensorMemory.Of(gradients), TensorMemory.Of(_mean), TensorMemory.Of(_square), get_num_threads());
            return;
        }

        _decayed.MultiplyBy(1 - (learningRate * _config.WeightDecay));
        _mean.MultiplyBy(_config.Beta1).Increase(gradients, 1 - _config.Beta1);
        _square.MultiplyBy(_config.Beta2).IncreaseByProduct(gradients, gradients, 1 - _config.Beta2);
        var size = _square.sqrt().DivideBy(Math.Sqrt(squareCorrection)).Increase(_config.Eps);
        _values.IncreaseByQuotient(_mean, size, -learningRate / meanCorrection);
        gradients.zero_();
    }

    /// <summary>The state that a training needs to go on as if it had never stopped.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Export() => new Dictionary<string, StoredTensor>
    {
        ["optimizer.steps"] = StoredTensor.From([Steps]),
        ["optimizer.mean"] = StoredTensor.From(_mean.cpu().data<float>().ToArray(), _mean.NumberOfElements),
        ["optimizer.square"] = StoredTensor.From(_square.cpu().data<float>().ToArray(), _square.NumberOfElements),
    };

    /// <summary>Takes over an exported state.</summary>
    /// <exception cref="InvalidDataException">It belongs to another network.</exception>
    public void Import(IReadOnlyDictionary<string, StoredTensor> state)
    {
        Steps = FlatState.Find(state, "optimizer.steps", "I64", 1).As<long>()[0];
        FlatState.CopyInto(_mean, state, "optimizer.mean");
        FlatState.CopyInto(_square, state, "optimizer.square");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in new[] { _values, _decayed, _mean, _square })
            tensor.Dispose();
    }
}

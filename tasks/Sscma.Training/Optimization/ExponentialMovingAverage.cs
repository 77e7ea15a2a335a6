using Sscma.Tensors;
using Sscma.Training.Configuration;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.Optimization;

/// <summary>
/// The averaged twin of a detector, which is validated and saved. Update n takes the share m = (1 − momentum)·exp(−(1 + n)/gamma) + momentum
/// of the new weights and norm statistics; update 0 copies everything. Counters keep the value of that first copy.
/// </summary>
public sealed class ExponentialMovingAverage : IDisposable
{
    private readonly ParameterStore _source;
    private readonly EmaConfig _config;

    /// <summary>An average that has seen no update; its detector holds a copy of the weights as they are.</summary>
    public ExponentialMovingAverage(RtmDet source, EmaConfig config)
    {
        (_source, _config) = (source.Parameters, config);
        Model = new RtmDet(source.Network, _source.Clone());
    }

    /// <summary>The averaged detector.</summary>
    public RtmDet Model { get; }

    /// <summary>Updates so far.</summary>
    public long Updates { get; private set; }

    /// <summary>Takes the detector's present weights in; call it after each optimiser step.</summary>
    public void Update()
    {
        if (Updates == 0)
            Model.Parameters.CopyFrom(_source);
        else
            Move(((1 - _config.Momentum) * Math.Exp(-(1 + Updates) / _config.Gamma)) + _config.Momentum);
        Updates++;
    }

    /// <summary>The state that a training needs to go on as if it had never stopped.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Export()
    {
        var state = Model.Parameters.Export().ToDictionary(entry => $"ema.{entry.Key}", entry => entry.Value);
        state.Add("ema_updates", StoredTensor.From([Updates]));
        return state;
    }

    /// <summary>Takes over an exported state.</summary>
    /// <exception cref="InvalidDataException">It belongs to another network.</exception>
    public void Import(IReadOnlyDictionary<string, StoredTensor> state)
    {
        Updates = FlatState.Find(state, "ema_updates", "I64", 1).As<long>()[0];
        Model.Parameters.Import(state
            .Where(entry => entry.Key.StartsWith("ema.", StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key["ema.".Length..], entry => entry.Value));
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private void Move(double share)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var average = Model.Parameters.Values;
        average.lerp_(_source.Values, tensor((float)share, dtype: average.dtype, device: average.device));
    }
}

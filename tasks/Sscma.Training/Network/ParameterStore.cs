using Sscma.Tensors;
using static TorchSharp.torch;

namespace Sscma.Training.Network;

/// <summary>
/// All numbers of a network in one flat buffer, [decayed | undecayed | statistics], with a view per name. The optimiser and
/// the moving average are then a few operations over long vectors instead of thousands over short ones.
/// Convolution weights lie as (Out, Kernel, Kernel, In), the order in which channels-last convolutions read them.
/// </summary>
public sealed class ParameterStore : IDisposable
{
    private readonly Dictionary<string, Tensor> _views = [];
    private readonly Dictionary<string, int> _counters = [];
    private readonly Dictionary<string, UnitTensors> _units = [];
    private readonly long[] _batches;

    /// <summary>A store of zeros for some convolutions.</summary>
    /// <param name="units">The convolutions, in the order of the state dict.</param>
    /// <param name="trained">Make gradients; false for a store that is only read, such as a moving average.</param>
    /// <param name="type">Float32, or Float64 to measure rounding.</param>
    /// <param name="device">Where the numbers lie; null for the processor's memory.</param>
    public ParameterStore(IReadOnlyList<ConvUnit> units, bool trained = true, ScalarType type = ScalarType.Float32, Device? device = null)
        : this(units, trained, type, device ?? CPU, null)
    {
    }

    private ParameterStore(IReadOnlyList<ConvUnit> units, bool trained, ScalarType type, Device device, ParameterStore? twin)
    {
        Units = units;
        Entries = [.. StateEntry.Of(units)];
        var own = Entries.Where(entry => entry.AliasOf is null).ToLookup(entry => entry.Kind);
        DecayedCount = own[StateKind.Weight].Sum(entry => entry.Count);
        TrainedCount = DecayedCount + own[StateKind.Undecayed].Sum(entry => entry.Count);
        var statistics = own[StateKind.Statistic].Sum(entry => entry.Count);
        Values = (twin?.Values.alias() ?? zeros(TrainedCount + statistics, dtype: type, device: device)).DetachFromDisposeScope();
        Statistics = (twin is null ? Values.narrow(0, TrainedCount, statistics) : zeros(statistics, dtype: type, device: device)).DetachFromDisposeScope();
        Gradients = trained ? zeros(TrainedCount, dtype: type, device: device).DetachFromDisposeScope() : null;

        long offset = 0;
        foreach (var entry in own[StateKind.Weight].Concat(own[StateKind.Undecayed]).Concat(own[StateKind.Statistic]))
        {
            AddView(entry, offset);
            offset += entry.Count;
        }

        foreach (var entry in own[StateKind.Counter])
            _counters.Add(entry.Name, _counters.Count);
        _batches = new long[_counters.Count];
        foreach (var alias in Entries.Where(entry => entry.AliasOf is not null))
            _views.Add(alias.Name, _views[alias.AliasOf!]);
        foreach (var unit in units)
            _units.Add(unit.Name, Bind(unit));
    }

    /// <summary>The convolutions whose numbers these are.</summary>
    public IReadOnlyList<ConvUnit> Units { get; }

    /// <summary>Every named tensor, in the order of the reference's state dict.</summary>
    public IReadOnlyList<StateEntry> Entries { get; }

    /// <summary>Flat: trained with weight decay, trained without, running statistics.</summary>
    public Tensor Values { get; }

    /// <summary>The running statistics: the last part of <see cref="Values"/>, except in a twin, which has its own.</summary>
    public Tensor Statistics { get; }

    /// <summary>Flat, as long as the trained part of <see cref="Values"/>; null in a store that is only read.</summary>
    public Tensor? Gradients { get; }

    /// <summary>Length of the part of <see cref="Values"/> that weight decay acts on.</summary>
    public long DecayedCount { get; }

    /// <summary>Length of the part of <see cref="Values"/> that is trained: the number of parameters.</summary>
    public long TrainedCount { get; }

    /// <summary>Batches that each norm has seen, in the order of the state dict.</summary>
    public Span<long> Batches => _batches;

    /// <summary>The tensor of a name, in the shape of its entry. Not for counters.</summary>
    public Tensor this[string name] => _views[name];

    /// <summary>Sets all gradients to 0.</summary>
    public void ClearGradients() => Gradients?.zero_();

    /// <summary>
    /// A store that shares the trained numbers with this one but has gradients, statistics and counters of its own: what a second thread needs
    /// to work on another part of the same batch.
    /// </summary>
    public ParameterStore Twin() => new(Units, trained: true, Values.dtype, Values.device, this);

    /// <summary>A copy that shares nothing, without gradients.</summary>
    public ParameterStore Clone()
    {
        var copy = new ParameterStore(Units, trained: false, Values.dtype, Values.device);
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>Takes over every number of a store of the same network.</summary>
    public void CopyFrom(ParameterStore other)
    {
        using var guard = no_grad();
        Values.copy_(other.Values);
        other._batches.CopyTo(_batches, 0);
    }

    /// <summary>The state dict, in the order of the reference; aliases repeat their tensor.</summary>
    public IReadOnlyList<KeyValuePair<string, StoredTensor>> Export()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return [.. Entries.Select(entry => KeyValuePair.Create(entry.Name, Export(entry)))];
    }

    /// <summary>Takes over a state dict.</summary>
    /// <exception cref="InvalidDataException">An entry is missing, surplus, or of another shape or type.</exception>
    public void Import(IReadOnlyDictionary<string, StoredTensor> state)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        foreach (var entry in Entries)
        {
            if (!state.TryGetValue(entry.Name, out var stored))
                throw new InvalidDataException($"the weights lack '{entry.Name}'");
            var type = entry.Kind == StateKind.Counter ? "I64" : "F32";
            if (stored.Type != type || !stored.Shape.SequenceEqual(entry.Shape))
                throw new InvalidDataException($"the weights' '{entry.Name}' is {stored.Type} [{string.Join(", ", stored.Shape)}], the network needs {type} [{string.Join(", ", entry.Shape)}]");
            if (entry.Kind == StateKind.Counter)
                _batches[_counters[entry.Name]] = stored.As<long>()[0];
            else
                _views[entry.Name].detach().copy_(tensor(stored.As<float>().ToArray(), entry.Shape));
        }

        var known = Entries.Select(entry => entry.Name).ToHashSet();
        var surplus = state.Keys.Where(name => !known.Contains(name)).Order(StringComparer.Ordinal).FirstOrDefault();
        if (surplus is not null)
            throw new InvalidDataException($"the weights hold '{surplus}', which the network does not have");
    }

    /// <summary>Takes over some float32 tensors; the others keep their numbers. Names and shapes are those of <see cref="Entries"/>.</summary>
    public void ImportSome(IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        using var guard = no_grad();
        foreach (var (name, stored) in tensors)
        {
            using var scope = NewDisposeScope();
            _views[name].detach().copy_(tensor(stored.As<float>().ToArray(), stored.Shape));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var entry in Entries.Where(entry => entry.AliasOf is null && entry.Kind != StateKind.Counter))
            _views[entry.Name].Dispose();
        Gradients?.Dispose();
        Statistics.Dispose();
        Values.Dispose();
    }

    internal UnitTensors TensorsOf(ConvUnit unit) => _units[unit.Name];

    internal long BatchesOf(string counter) => _batches[_counters[counter]];

    private static Tensor Shaped(Tensor flat, StateEntry entry) => entry.Shape.Length == 4
        ? flat.view(entry.Shape[0], entry.Shape[2], entry.Shape[3], entry.Shape[1]).permute(0, 3, 1, 2)
        : flat.view(entry.Shape);

    private void AddView(StateEntry entry, long offset)
    {
        using var scope = NewDisposeScope();
        var numbers = entry.Kind == StateKind.Statistic ? Statistics.narrow(0, offset - TrainedCount, entry.Count) : Values.narrow(0, offset, entry.Count);
        var view = Shaped(numbers, entry).detach();
        if (Gradients is not null && entry.Kind is StateKind.Weight or StateKind.Undecayed)
        {
            view.requires_grad_(true);
            // Backward adds into a gradient that exists, so each step's gradients arrive in the flat buffer by themselves.
            view.grad = Shaped(Gradients!.narrow(0, offset, entry.Count), entry);
        }

        _views.Add(entry.Name, view.DetachFromDisposeScope());
    }

    private UnitTensors Bind(ConvUnit unit) => unit.HasNorm
        ? new(_views[unit.WeightName], null, new(
            _views[unit.NormName("weight")], _views[unit.NormName("bias")],
            _views[unit.NormName("running_mean")], _views[unit.NormName("running_var")],
            _counters[unit.NormName("num_batches_tracked")]))
        : new(_views[unit.WeightName], _views[unit.BiasName], null);

    private StoredTensor Export(StateEntry entry) => entry.Kind == StateKind.Counter
        ? StoredTensor.From([_batches[_counters[entry.Name]]])
        : StoredTensor.From(_views[entry.Name].detach().to_type(ScalarType.Float32).cpu().contiguous().data<float>().ToArray(), entry.Shape);
}

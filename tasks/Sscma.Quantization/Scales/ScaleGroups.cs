using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Scales;

/// <summary>Values that must share one scale, as disjoint sets with the range that each set must reach.</summary>
/// <param name="type">Type of the codes.</param>
internal sealed class ScaleGroups(TensorType type)
{
    private readonly Dictionary<Value, Value> _parents = [];
    private readonly Dictionary<Value, ValueRange> _ranges = [];
    private readonly Dictionary<Value, Codes> _fixed = [];
    private readonly Dictionary<Value, float> _settled = [];

    /// <summary>A value whose range calibration found; null for one that was not watched and only copies others.</summary>
    public void Add(Value value, ValueRange? range)
    {
        _parents[value] = value;
        if (range is { } found)
            _ranges[value] = found.WithZero;
    }

    /// <summary>Gives a value codes that nothing may change.</summary>
    public void Fix(Value value, Codes codes) => _fixed[Root(value)] = codes;

    public bool IsFixed(Value value) => _fixed.ContainsKey(Root(value));

    /// <summary>Whether two values may share a scale as far as their fixed codes are concerned.</summary>
    public bool AreFixedAlike(Value a, Value b) => _fixed.TryGetValue(Root(a), out var one) && _fixed.TryGetValue(Root(b), out var other) && one == other;

    /// <summary>Whether a value's scale is chosen already, for whatever reason.</summary>
    public bool IsSettled(Value value) => IsFixed(value) || _settled.ContainsKey(Root(value));

    /// <summary>A value's scale, which nothing changes from now on.</summary>
    public float Settled(Value value)
    {
        if (!IsSettled(value))
            Settle(value, CodesOf(value).Scale);
        return CodesOf(value).Scale;
    }

    /// <summary>Chooses a value's scale.</summary>
    public void Settle(Value value, float scale) => _settled.Add(Root(value), scale);

    public bool AreOne(Value a, Value b) => Root(a) == Root(b);

    /// <summary>Joins the groups of two values; if both are fixed, to the same codes.</summary>
    public void Join(Value a, Value b)
    {
        var (stays, goes) = (Root(a), Root(b));
        if (stays == goes)
            return;
        if (_fixed.Remove(goes, out var codes) && !_fixed.TryAdd(stays, codes) && _fixed[stays] != codes)
            throw new InvalidOperationException($"'{a.Name}' and '{b.Name}' both have codes of their own and cannot share one scale");
        _parents[goes] = stays;
        if (_ranges.Remove(goes, out var range))
            _ranges[stays] = _ranges.TryGetValue(stays, out var other) ? other.Union(range) : range;
    }

    public ValueRange RangeOf(Value value) => _fixed.TryGetValue(Root(value), out var codes) ? codes.Range : _ranges.GetValueOrDefault(Root(value));

    public Codes CodesOf(Value value) => _fixed.TryGetValue(Root(value), out var codes) ? codes
        : _settled.TryGetValue(Root(value), out var scale) ? Codes.Of(type, RangeOf(value), scale)
        : Codes.Of(type, RangeOf(value));

    private Value Root(Value value)
    {
        while (_parents[value] != value)
            value = _parents[value] = _parents[_parents[value]];
        return value;
    }
}

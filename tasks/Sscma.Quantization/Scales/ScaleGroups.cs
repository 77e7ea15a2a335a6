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

    public bool AreOne(Value a, Value b) => Root(a) == Root(b);

    /// <summary>Joins the groups of two values; at most one of them may be fixed.</summary>
    public void Join(Value a, Value b)
    {
        var (stays, goes) = (Root(a), Root(b));
        if (stays == goes)
            return;
        if (_fixed.Remove(goes, out var codes) && !_fixed.TryAdd(stays, codes))
            throw new InvalidOperationException($"'{a.Name}' and '{b.Name}' both have codes of their own and cannot share one scale");
        _parents[goes] = stays;
        if (_ranges.Remove(goes, out var range))
            _ranges[stays] = _ranges.TryGetValue(stays, out var other) ? other.Union(range) : range;
    }

    public ValueRange RangeOf(Value value) => _fixed.TryGetValue(Root(value), out var codes) ? codes.Range : _ranges.GetValueOrDefault(Root(value));

    public Codes CodesOf(Value value) => _fixed.TryGetValue(Root(value), out var codes) ? codes : Codes.Of(type, RangeOf(value));

    private Value Root(Value value)
    {
        while (_parents[value] != value)
            value = _parents[value] = _parents[_parents[value]];
        return value;
    }
}

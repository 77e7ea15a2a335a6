using System.Globalization;

namespace Sscma.Bench;

/// <summary>Options of a measurement: name=value.</summary>
internal sealed class Arguments(IEnumerable<string> words)
{
    private readonly Dictionary<string, string> _values = words
        .Select(word => word.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair.Length == 2 ? pair[1] : "true", StringComparer.Ordinal);

    public IEnumerable<string> Words { get; } = words;

    public int Number(string name, int otherwise) =>
        _values.TryGetValue(name, out var value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    public string? Text(string name) => _values.GetValueOrDefault(name);
}

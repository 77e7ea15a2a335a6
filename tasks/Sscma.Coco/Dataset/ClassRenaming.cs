namespace Sscma.Coco;

/// <summary>The metadata ClassMap: <c>bike=bicycle;moped=motorcycle;ignore=</c>.</summary>
internal sealed class ClassRenaming
{
    private readonly Dictionary<string, string> _names;

    /// <summary>Reads the text; the build tasks have checked its form.</summary>
    public ClassRenaming(string text) => _names = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(pair => pair.Split('=', 2, StringSplitOptions.TrimEntries))
        .ToDictionary(pair => pair[0], pair => pair.ElementAtOrDefault(1) ?? "", StringComparer.Ordinal);

    /// <summary>Names that are renamed or dropped.</summary>
    public IEnumerable<string> Sources => _names.Keys;

    /// <summary>What a class is called now, or null when it is dropped.</summary>
    public string? Of(string name) => !_names.TryGetValue(name, out var now) ? name : now.Length > 0 ? now : null;
}

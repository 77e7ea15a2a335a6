using System.Globalization;
using Sscma.Diagnostics;

namespace Sscma.Build.Worker;

/// <summary>
/// What a task asks for: the lines <c>key=value</c> of a UTF-8 file. An empty value is the same as none.
/// In a value <c>%0A</c>, <c>%0D</c> and <c>%25</c> stand for a line feed, a carriage return and a percent sign.
/// </summary>
internal sealed class WorkerOptions
{
    private readonly IReadOnlyDictionary<string, string> _values;

    /// <summary>Options from pairs.</summary>
    public WorkerOptions(IEnumerable<KeyValuePair<string, string>> values) =>
        _values = values.Where(pair => pair.Value.Length > 0).ToDictionary(StringComparer.Ordinal);

    /// <summary>Every key that has a value.</summary>
    public IEnumerable<string> Keys => _values.Keys.Order(StringComparer.Ordinal);

    /// <summary>Reads an options file.</summary>
    /// <exception cref="DiagnosticException">SSCMA9003: a line is no <c>key=value</c>.</exception>
    public static WorkerOptions Read(string path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0)
                continue;
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new DiagnosticException(Codes.WorkerCommandLine, $"'{line}' is not of the form key=value", path, number);
            values[line[..equals]] = Unescape(line[(equals + 1)..]);
        }

        return new WorkerOptions(values);
    }

    /// <summary>A value, or null.</summary>
    public string? Optional(string key) => _values.GetValueOrDefault(key);

    /// <summary>A value that the verb cannot do without.</summary>
    /// <exception cref="DiagnosticException">SSCMA9003: it is missing.</exception>
    public string Required(string key) =>
        Optional(key) ?? throw new DiagnosticException(Codes.WorkerCommandLine, $"the option '{key}' is missing");

    /// <summary>The parts of a value that is separated by bars; none if there is no value.</summary>
    public string[] List(string key) => Optional(key)?.Split('|') ?? [];

    /// <summary>A whole number, or null.</summary>
    /// <exception cref="DiagnosticException">SSCMA9003: it is no whole number.</exception>
    public int? Integer(string key)
    {
        if (Optional(key) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new DiagnosticException(Codes.WorkerCommandLine, $"the option '{key}' is '{text}', which is no whole number");
    }

    /// <summary>A number, or null.</summary>
    /// <exception cref="DiagnosticException">SSCMA9003: it is no number.</exception>
    public double? Number(string key)
    {
        if (Optional(key) is not { } text)
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new DiagnosticException(Codes.WorkerCommandLine, $"the option '{key}' is '{text}', which is no number");
    }

    /// <summary>A value as it was before it was written on one line.</summary>
    public static string Unescape(string text) => text
        .Replace("%0A", "\n", StringComparison.Ordinal)
        .Replace("%0D", "\r", StringComparison.Ordinal)
        .Replace("%25", "%", StringComparison.Ordinal);
}

using System.Collections.Generic;
using System.Linq;

namespace Sscma.Build.Tasks.Keys;

/// <summary>The lines <c>key=value</c> that the worker reads; see WorkerOptions there.</summary>
internal static class OptionText
{
    /// <summary>One line per pair.</summary>
    public static string Of(IEnumerable<KeyValuePair<string, string>> pairs) => string.Concat(pairs.Select(pair => $"{pair.Key}={Escape(pair.Value)}\n"));

    /// <summary>A value on one line.</summary>
    public static string Escape(string value) => value.Replace("%", "%25").Replace("\r", "%0D").Replace("\n", "%0A");
}

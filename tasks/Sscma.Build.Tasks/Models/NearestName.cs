using System;
using System.Collections.Generic;
using System.Linq;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks.Models;

/// <summary>Finds the name that a user most likely meant.</summary>
internal static class NearestName
{
    /// <summary>The closest known name, or null if none is close (more than a third of its letters would have to change).</summary>
    public static string? Of(string written, IEnumerable<string> known) => known
        .Select(name => (Name: name, Distance: EditDistance.Between(written.ToUpperInvariant(), name.ToUpperInvariant())))
        .Where(candidate => candidate.Distance <= Math.Max(1, candidate.Name.Length / 3))
        .OrderBy(candidate => candidate.Distance)
        .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    /// <summary>" Did you mean 'x'?" or nothing.</summary>
    public static string Question(string written, IEnumerable<string> known) => Of(written, known) is { } name ? $" Did you mean '{name}'?" : "";
}

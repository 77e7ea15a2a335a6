using System.Collections.Generic;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks.Models;

/// <summary>Asks for the name that a user most likely meant.</summary>
internal static class NearestName
{
    /// <summary>" Did you mean 'x'?" or nothing.</summary>
    public static string Question(string written, IEnumerable<string> known) => EditDistance.Nearest(written, known) is { } name ? $" Did you mean '{name}'?" : "";
}

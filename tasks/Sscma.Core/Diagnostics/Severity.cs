namespace Sscma.Diagnostics;

/// <summary>How a diagnostic ends: an error fails the build, a warning lets it go on.</summary>
public enum Severity
{
    /// <summary>The stage goes on; what was repaired or left out is named.</summary>
    Warning,

    /// <summary>The stage stops and the build fails.</summary>
    Error,
}

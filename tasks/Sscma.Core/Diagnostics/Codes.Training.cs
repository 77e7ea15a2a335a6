namespace Sscma.Diagnostics;

// SSCMA2xxx: training. One constant per code, in numeric order; a number that was shipped is never given to another cause.
public static partial class Codes
{
    /// <summary>The configuration is neither a shipped one nor a file. Correct <c>Config</c>; the message lists the shipped names.</summary>
    public const string ConfigNotFound = "SSCMA2001";

    /// <summary>A configuration file, or the text of an option, is not the YAML that it has to be. Correct it at the place named.</summary>
    public const string ConfigSyntax = "SSCMA2002";

    /// <summary>A configuration key does not exist. Correct it; the message names the nearest one that does.</summary>
    public const string ConfigUnknownKey = "SSCMA2003";

    /// <summary>A configuration value has the wrong type or lies outside its range. The message says what is allowed.</summary>
    public const string ConfigBadValue = "SSCMA2004";

    /// <summary>A weight file is not sound or belongs to another network. Use the weights of the same configuration and classes.</summary>
    public const string WeightsMismatch = "SSCMA2005";
}

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

    /// <summary>Pretrained weights are damaged or of a kind that is not read. Use safetensors, or a state dict that <c>torch.save</c> wrote.</summary>
    public const string PretrainedUnreadable = "SSCMA2006";

    /// <summary>Pretrained weights refer to code that Python would run. They are refused and nothing is run; save the state dict alone if you trust them.</summary>
    public const string PretrainedForbidden = "SSCMA2007";

    /// <summary>No tensor of the pretrained weights fits the network. Take weights of the same configuration, or of its backbone.</summary>
    public const string PretrainedDoesNotFit = "SSCMA2008";

    /// <summary>Pretrained weights are not the bytes that <c>PretrainedSha256</c> names. Take the right file or correct the digest.</summary>
    public const string PretrainedDigest = "SSCMA2009";

    /// <summary>Pretrained weights cannot be downloaded. Check the network and the address, or download them yourself and name the file.</summary>
    public const string PretrainedUnavailable = "SSCMA2010";
}

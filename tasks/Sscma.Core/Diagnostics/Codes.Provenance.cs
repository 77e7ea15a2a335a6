namespace Sscma.Diagnostics;

// SSCMA5xxx: provenance. One constant per code, in numeric order; a number that was shipped is never given to another cause.
public static partial class Codes
{
    /// <summary>A model has no provenance to check a file against. Build the model, or copy model.provenance.json of the build that made it into its work folder.</summary>
    public const string ProvenanceMissing = "SSCMA5101";

    /// <summary>The provenance of a model is no such statement. Restore the file, or build again.</summary>
    public const string ProvenanceUnreadable = "SSCMA5102";

    /// <summary>A file is not the one that the provenance describes. It was made by another build or changed since: build again, or use the file of the release.</summary>
    public const string ArtifactDiffers = "SSCMA5103";
}

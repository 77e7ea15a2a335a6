using Sscma.Tflite;

namespace Sscma.Quantization.Facts;

/// <summary>Of any other network: what it takes.</summary>
/// <param name="Metadata">The entry.</param>
internal sealed record NetworkFacts(NetworkMetadata Metadata) : FileFacts
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Labels => Metadata.Labels;

    /// <inheritdoc/>
    public override IEnumerable<string> Notes => ["the outputs are no RTMDet detector's: the file is exported as it is, and is not scored"];

    /// <inheritdoc/>
    public override FileFacts OfFloats => new NetworkFacts(Metadata with { Precision = Precision.Float32.Name(), Origin = WithoutCalibration(Metadata.Origin) });

    /// <inheritdoc/>
    protected override byte[] Json => Metadata.Write();

    /// <inheritdoc/>
    public override TfliteModel WriteTo(TfliteModel model) => Metadata.WriteTo(model);
}

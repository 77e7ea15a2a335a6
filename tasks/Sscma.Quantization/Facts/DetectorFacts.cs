using System.Globalization;
using Sscma.Onnx;
using Sscma.Tflite;

namespace Sscma.Quantization.Facts;

/// <summary>Of a detector: what it finds, and how its outputs are decoded.</summary>
/// <param name="Metadata">The entry.</param>
internal sealed record DetectorFacts(SscmaMetadata Metadata) : FileFacts
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Labels => Metadata.Labels;

    /// <inheritdoc/>
    public override IEnumerable<string> Notes => Metadata.Classes == Metadata.Labels.Count
        ? []
        : ["the firmware takes outputs of four channels for boxes, so a fifth class that never wins was added to the four"];

    /// <inheritdoc/>
    public override FileFacts OfFloats => new DetectorFacts(Metadata with { Precision = Precision.Float32.Name(), Origin = WithoutCalibration(Metadata.Origin) });

    /// <inheritdoc/>
    protected override byte[] Json => Metadata.Write();

    /// <inheritdoc/>
    public override TfliteModel WriteTo(TfliteModel model) => Metadata.WriteTo(model);

    /// <inheritdoc/>
    public override void WriteTo(OnnxModel model)
    {
        base.WriteTo(model);
        model.Metadata[OnnxMetadata.ImageSize] = Metadata.ImageSize.ToString(CultureInfo.InvariantCulture);
        model.Metadata[OnnxMetadata.Strides] = string.Join(',', Metadata.Strides);
        model.Metadata[OnnxMetadata.PointOffset] = Metadata.PointOffset.ToString(CultureInfo.InvariantCulture);
        model.Metadata[OnnxMetadata.ScoreChannels] = Metadata.Classes.ToString(CultureInfo.InvariantCulture);
    }
}

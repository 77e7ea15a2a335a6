using System.Globalization;
using System.Text;
using System.Text.Json;
using Sscma.Imaging;
using Sscma.Onnx;
using Sscma.Tflite;

namespace Sscma.Quantization;

/// <summary>What the exported files say about themselves: all that a decoder needs of a detector, or the little that is known of a plain network.</summary>
/// <param name="Detector">Null for a plain network.</param>
/// <param name="Network">Null for a detector.</param>
internal sealed record FileFacts(SscmaMetadata? Detector, NetworkMetadata? Network)
{
    /// <summary>Class names; none where nobody named them.</summary>
    public IReadOnlyList<string> Labels => Detector?.Labels ?? Network?.Labels ?? [];

    /// <summary>The same of the float network, which no calibration made.</summary>
    public FileFacts OfFloats()
    {
        var precision = Precision.Float32.Name();
        return new FileFacts(
            Detector is null ? null : Detector with { Precision = precision, Origin = WithoutCalibration(Detector.Origin) },
            Network is null ? null : Network with { Precision = precision, Origin = WithoutCalibration(Network.Origin) });
    }

    /// <summary>The .tflite model with these facts.</summary>
    public TfliteModel In(TfliteModel model) => Detector?.WriteTo(model) ?? Network!.WriteTo(model);

    /// <summary>Adds the facts to an ONNX model.</summary>
    public void WriteTo(OnnxModel model)
    {
        if (Network is { } network)
        {
            model.Metadata[NetworkMetadata.EntryName] = Encoding.UTF8.GetString(network.Write());
            if (network.Labels is { } names)
                model.Metadata[OnnxMetadata.Labels] = JsonSerializer.Serialize(names);
            WriteResize(model, network.Input.Resize);
            return;
        }

        var facts = Detector!;
        model.Metadata[OnnxMetadata.Facts] = Encoding.UTF8.GetString(facts.Write());
        model.Metadata[OnnxMetadata.Labels] = JsonSerializer.Serialize(facts.Labels);
        model.Metadata[OnnxMetadata.ImageSize] = facts.ImageSize.ToString(CultureInfo.InvariantCulture);
        WriteResize(model, facts.Input.Resize);
        model.Metadata[OnnxMetadata.Strides] = string.Join(',', facts.Strides);
        model.Metadata[OnnxMetadata.PointOffset] = facts.PointOffset.ToString(CultureInfo.InvariantCulture);
        model.Metadata[OnnxMetadata.ScoreChannels] = facts.Classes.ToString(CultureInfo.InvariantCulture);
    }

    // A file that does not say it keeps the ratio.
    private static void WriteResize(OnnxModel model, ResizeMode mode)
    {
        if (mode != ResizeMode.KeepRatio)
            model.Metadata[OnnxMetadata.Resize] = mode.ToString();
    }

    private static OriginFacts? WithoutCalibration(OriginFacts? origin) =>
        origin is null ? null : origin with { Calibration = null, CalibrationImages = 0, CalibrationList = null };
}

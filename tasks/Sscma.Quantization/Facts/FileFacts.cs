using System.Text;
using System.Text.Json;
using Sscma.Onnx;
using Sscma.Tflite;

namespace Sscma.Quantization.Facts;

/// <summary>What an exported file says about itself, in the .tflite file and in the ONNX files beside it.</summary>
internal abstract record FileFacts
{
    /// <summary>Names of the classes.</summary>
    public abstract IReadOnlyList<string> Labels { get; }

    /// <summary>What the user may want to know; no fault.</summary>
    public abstract IEnumerable<string> Notes { get; }

    /// <summary>The same for a file of floats, which no calibration has shaped.</summary>
    public abstract FileFacts OfFloats { get; }

    /// <summary>The .tflite file with its entry.</summary>
    public abstract TfliteModel WriteTo(TfliteModel model);

    /// <summary>Adds the entries of an ONNX file.</summary>
    public virtual void WriteTo(OnnxModel model)
    {
        model.Metadata[OnnxMetadata.Facts] = Encoding.UTF8.GetString(Json);
        model.Metadata[OnnxMetadata.Labels] = JsonSerializer.Serialize(Labels);
    }

    /// <summary>The entry's text.</summary>
    protected abstract byte[] Json { get; }

    /// <summary>Where a file of floats comes from.</summary>
    protected static OriginFacts? WithoutCalibration(OriginFacts? origin) =>
        origin is null ? null : origin with { Calibration = null, CalibrationImages = 0, CalibrationList = null };
}

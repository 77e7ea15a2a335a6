using System.Globalization;
using Sscma.Files;

namespace Sscma.Build.Worker.Evaluation;

/// <summary>A network that is no detector: nobody here knows what its outputs mean, so there is no mAP.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Tflite">Bytes of the file.</param>
internal sealed record UnscoredModel(string Model, byte[] Tflite)
{
    /// <summary>Why there is no score; stands in metrics.json.</summary>
    public const string Reason = "its outputs are no RTMDet detector's";

    /// <summary>The report for people.</summary>
    public string Text() => string.Create(
        CultureInfo.InvariantCulture,
        $"model       {Model}\ntflite      {Tflite.Length} bytes, SHA-256 {Digest.OfBytes(Tflite)}\nnot scored  {Reason}\n");
}

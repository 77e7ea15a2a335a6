using System.Globalization;

namespace Sscma.Quantization.Calibration;

/// <summary>A way to quantize, and how it did.</summary>
/// <param name="Method">How ranges are taken.</param>
/// <param name="Equalized">Whether channels were equalized.</param>
/// <param name="SqnrDb">Signal to quantization noise in decibels, the mean over the outputs on some calibration images; null where nothing was compared.</param>
internal sealed record Candidate(RangeMethod Method, bool Equalized, double? SqnrDb = null)
{
    /// <summary>The method's name in projects and logs.</summary>
    public string Name => Method.ToString().ToLowerInvariant() + (Equalized ? ", equalized" : "");

    public override string ToString() => SqnrDb is { } sqnr ? string.Create(CultureInfo.InvariantCulture, $"{Name} {sqnr:F2} dB") : Name;
}

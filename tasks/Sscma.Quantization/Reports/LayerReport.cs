namespace Sscma.Quantization.Reports;

/// <summary>One activation of the int8 file beside the float model's.</summary>
/// <param name="Name">Name of the value.</param>
/// <param name="Operator">The TFLite operator that makes it.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Scale">Real distance of two codes.</param>
/// <param name="ZeroPoint">The code of zero.</param>
/// <param name="SeenMin">Lowest float value on the calibration images; null where the float model has no such value.</param>
/// <param name="SeenMax">Highest float value on the calibration images; null where the float model has no such value.</param>
/// <param name="SqnrDb">Signal to quantization noise in decibels, all layers before included; null where there is no float value or no error.</param>
/// <param name="Cosine">Cosine between the float and the int8 values; null where there is no float value.</param>
/// <param name="Macs">Multiply-accumulate steps.</param>
public sealed record LayerReport(
    string Name, string Operator, IReadOnlyList<int> Shape, float Scale, int ZeroPoint, float? SeenMin, float? SeenMax, double? SqnrDb, double? Cosine, long Macs);

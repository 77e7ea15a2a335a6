namespace Sscma.Quantization.Reports;

/// <summary>One activation of the file beside the float model's.</summary>
/// <param name="Name">Name of the value.</param>
/// <param name="Place">When it is made, from 0.</param>
/// <param name="Operator">The TFLite operator that makes it.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Scale">Real distance of two codes; null in a float file.</param>
/// <param name="ZeroPoint">The code of zero; null in a float file.</param>
/// <param name="SeenMin">Lowest float value on the calibration images; null where the float model has no such value or nothing was calibrated.</param>
/// <param name="SeenMax">Highest float value on the calibration images; null where the float model has no such value or nothing was calibrated.</param>
/// <param name="Saturation">Part of the float values for which there is no code; null where there is no float value.</param>
/// <param name="SqnrDb">Signal to quantization noise in decibels, all layers before included; null where there is no float value or no error.</param>
/// <param name="Cosine">Cosine between the float and the file's values; null where there is no float value.</param>
/// <param name="Macs">Multiply-accumulate steps.</param>
public sealed record LayerReport(
    string Name, int Place, string Operator, IReadOnlyList<int> Shape, float? Scale, int? ZeroPoint, float? SeenMin, float? SeenMax,
    double? Saturation, double? SqnrDb, double? Cosine, long Macs);

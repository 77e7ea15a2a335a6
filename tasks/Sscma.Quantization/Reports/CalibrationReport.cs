namespace Sscma.Quantization.Reports;

/// <summary>How the ranges of a file were found.</summary>
/// <param name="Method">The method that was used.</param>
/// <param name="Equalized">Whether channels were equalized.</param>
/// <param name="BiasCorrected">Whether biases take back what rounding the weights adds.</param>
/// <param name="Tried">With Calibration=auto: what was tried, each with the decibels of its outputs.</param>
/// <param name="Images">The images: digest and name.</param>
public sealed record CalibrationReport(string Method, bool Equalized, bool BiasCorrected, IReadOnlyList<string> Tried, IReadOnlyList<CalibrationImage> Images);

namespace Sscma.Quantization;

/// <summary>What an ONNX file takes, and whether it is a detector.</summary>
/// <param name="Channels">3 for RGB, 1 for grey.</param>
/// <param name="Height">Rows of the image.</param>
/// <param name="Width">Pixels of a row.</param>
/// <param name="NoDetector">Why the file is no RTMDet detector and is converted as a plain network; null for a detector.</param>
public sealed record ModelInput(int Channels, int Height, int Width, string? NoDetector);

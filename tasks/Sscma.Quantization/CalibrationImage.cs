namespace Sscma.Quantization;

/// <summary>An image that gave ranges.</summary>
/// <param name="Name">Its name in the training split.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Digest of the file.</param>
public sealed record CalibrationImage(string Name, long Bytes, string Sha256);

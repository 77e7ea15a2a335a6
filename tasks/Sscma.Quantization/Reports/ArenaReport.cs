namespace Sscma.Quantization.Reports;

/// <summary>Memory that TensorFlow Lite Micro needs.</summary>
/// <param name="PlannedBytes">Activations and scratch.</param>
/// <param name="PersistentBytes">Kept besides, on a 32-bit target.</param>
/// <param name="ArenaBytes">What to reserve.</param>
public sealed record ArenaReport(int PlannedBytes, int PersistentBytes, int ArenaBytes);

namespace Sscma.Training;

/// <summary>A finished training.</summary>
/// <param name="WeightsFile">The chosen weights, safetensors.</param>
/// <param name="OnnxFile">The same network as ONNX, norms folded.</param>
/// <param name="ReportFile">training.json.</param>
/// <param name="Epochs">Epochs trained.</param>
/// <param name="BestEpoch">The epoch whose weights were chosen, counted from 1.</param>
/// <param name="BestMap">mAP of these weights on the validation split.</param>
/// <param name="Resumed">Whether it went on from a checkpoint.</param>
/// <param name="Stopped">Why it ended before its last epoch; null if it did not.</param>
public sealed record TrainingResult(
    string WeightsFile, string OnnxFile, string ReportFile, int Epochs, int BestEpoch, double BestMap, bool Resumed, string? Stopped);

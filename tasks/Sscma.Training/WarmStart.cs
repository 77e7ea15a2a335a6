namespace Sscma.Training;

/// <summary>The weights from which a training goes on, instead of from random ones.</summary>
/// <param name="WeightsFile">weights.safetensors of a finished training.</param>
/// <param name="ReportFile">training.json of the same training.</param>
/// <param name="WeightsSha256">What the weights must be.</param>
/// <param name="ReportSha256">What the report must be.</param>
/// <param name="Epochs">How many epochs to train; null for what is left of the schedule, at least a quarter of it.</param>
public sealed record WarmStart(string WeightsFile, string ReportFile, string WeightsSha256, string ReportSha256, int? Epochs);

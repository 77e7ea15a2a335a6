namespace Sscma.Training.Loop;

/// <summary>What is known about a finished epoch.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="LearningRate">Of its last iteration.</param>
/// <param name="Loss">Mean of the whole loss.</param>
/// <param name="LossCls">Mean of the classification loss.</param>
/// <param name="LossBbox">Mean of the box loss.</param>
/// <param name="Metrics">What its validation measured; null if it was not validated.</param>
internal sealed record EpochRecord(int Epoch, double LearningRate, double Loss, double LossCls, double LossBbox, ValidationMetrics? Metrics);

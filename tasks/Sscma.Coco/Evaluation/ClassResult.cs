namespace Sscma.Coco.Evaluation;

/// <summary>The result of one category at the largest limit of detections. Null means that there was nothing to measure.</summary>
/// <param name="CategoryId">Id of the category, -1 for all together.</param>
/// <param name="AP">Average precision over all IoU thresholds.</param>
/// <param name="AP50">Average precision at IoU 0.50.</param>
/// <param name="AP75">Average precision at IoU 0.75.</param>
/// <param name="APSmall">AP of small objects.</param>
/// <param name="APMedium">AP of medium objects.</param>
/// <param name="APLarge">AP of large objects.</param>
/// <param name="AR">Average recall.</param>
public sealed record ClassResult(
    long CategoryId, double? AP, double? AP50, double? AP75, double? APSmall, double? APMedium, double? APLarge, double? AR);

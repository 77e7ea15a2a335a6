namespace Sscma.Coco.Evaluation;

/// <summary>What is compared. All ids are those of the annotation file.</summary>
/// <param name="ImageIds">The images, in any order.</param>
/// <param name="CategoryIds">The categories, in any order.</param>
/// <param name="Annotations">The ground truth in the order of its file.</param>
/// <param name="Detections">The detections of all images, in any order; among equal scores the earlier comes first.</param>
public sealed record EvaluationInput(
    IReadOnlyList<long> ImageIds, IReadOnlyList<long> CategoryIds, IReadOnlyList<CocoAnnotation> Annotations, IReadOnlyList<CocoDetection> Detections);

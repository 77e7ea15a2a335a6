using Sscma.Coco.Evaluation;

namespace Sscma.Training.Loop;

/// <summary>The COCO numbers of one validation; −1 where there was nothing to measure.</summary>
internal sealed record ValidationMetrics(double MAP, double MAP50, double MAP75, double MAPSmall, double MAPMedium, double MAPLarge, double AR100)
{
    /// <summary>Takes the numbers out of an evaluation.</summary>
    public static ValidationMetrics Of(EvaluationResult result) =>
        new(result.Stats[0], result.Stats[1], result.Stats[2], result.Stats[3], result.Stats[4], result.Stats[5], result.Stats[8]);
}

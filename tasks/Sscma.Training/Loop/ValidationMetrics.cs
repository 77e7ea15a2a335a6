using System.Text.Json.Serialization;
using Sscma.Coco.Evaluation;

namespace Sscma.Training.Loop;

/// <summary>The COCO numbers of one validation; −1 where there was nothing to measure.</summary>
internal sealed record ValidationMetrics(
    [property: JsonPropertyName("mAP")] double MAP,
    [property: JsonPropertyName("mAP50")] double MAP50,
    [property: JsonPropertyName("mAP75")] double MAP75,
    [property: JsonPropertyName("mAPSmall")] double MAPSmall,
    [property: JsonPropertyName("mAPMedium")] double MAPMedium,
    [property: JsonPropertyName("mAPLarge")] double MAPLarge,
    [property: JsonPropertyName("AR100")] double AR100)
{
    /// <summary>Takes the numbers out of an evaluation.</summary>
    public static ValidationMetrics Of(EvaluationResult result) =>
        new(result.Stats[0], result.Stats[1], result.Stats[2], result.Stats[3], result.Stats[4], result.Stats[5], result.Stats[8]);
}

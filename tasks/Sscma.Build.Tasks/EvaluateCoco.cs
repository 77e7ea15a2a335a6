namespace Sscma.Build.Tasks;

/// <summary>Runs the .tflite over the validation split and measures COCO mAP: metrics.json and a report for people.</summary>
public sealed class EvaluateCoco : WorkerTask
{
    private protected override string Verb => "evaluate";
}

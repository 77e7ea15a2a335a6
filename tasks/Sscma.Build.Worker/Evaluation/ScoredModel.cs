using System.Text.Json;
using Sscma.Coco;
using Sscma.Coco.Evaluation;
using Sscma.Detection;
using Sscma.Imaging;

namespace Sscma.Build.Worker.Evaluation;

/// <summary>What was scored, on what, and how well.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Tflite">Bytes of the file that was scored.</param>
/// <param name="Dataset">The validation split.</param>
/// <param name="DataRoot">The folder that the annotation file is named relative to, or null for its bare name.</param>
/// <param name="Decoding">How raw outputs became detections.</param>
/// <param name="Detections">How many there were.</param>
/// <param name="Result">The evaluation.</param>
internal sealed record ScoredModel(
    string Model, byte[] Tflite, CocoDataset Dataset, string? DataRoot, DecodeOptions Decoding, int Detections, EvaluationResult Result)
{
    /// <summary>How pictures came to the input in <see cref="Result"/>.</summary>
    public ResizeMode Resize { get; init; }

    /// <summary>The trainings that a warm start went on from, as training.json has them; null for none.</summary>
    public JsonElement? Lineage { get; init; }

    /// <summary>The same model on the test split; null when there is none.</summary>
    public ScoredModel? Test { get; init; }

    /// <summary>What the device reports for the split; null when the firmware does not run the file.</summary>
    public DeviceView? Device { get; init; }

    /// <summary>Why there is no <see cref="Device"/>.</summary>
    public string? WithoutDevice { get; init; }

    /// <summary>Names of the twelve numbers, in their order.</summary>
    public static IReadOnlyList<string> MetricNames { get; } =
        ["mAP", "mAP50", "mAP75", "mAPSmall", "mAPMedium", "mAPLarge", "AR1", "AR10", "AR100", "ARSmall", "ARMedium", "ARLarge"];

    /// <summary>Objects of the validation split that must be found.</summary>
    public int Objects => Dataset.Annotations.Count(item => !item.IsCrowd);

    /// <summary>The annotation file as it is written down: the same on every machine. Of several: the first, and how many more.</summary>
    public string AnnotationName => Dataset.AnnotationFiles.Count > 1 ? $"{FirstName} and {Dataset.AnnotationFiles.Count - 1} more" : FirstName;

    private string FirstName => DataRoot is null
        ? Path.GetFileName(Dataset.AnnotationFile)
        : Path.GetRelativePath(DataRoot, Dataset.AnnotationFile).Replace('\\', '/');

    /// <summary>Each class in the order of the split's categories, its objects and what an evaluation of the split says of it.</summary>
    public IEnumerable<(string Name, int Objects, ClassResult Result)> Classes(EvaluationResult result) => Dataset.Categories.Select(category => (
        category.Name,
        Dataset.Annotations.Count(item => item.CategoryId == category.Id && !item.IsCrowd),
        result.PerClass.Single(found => found.CategoryId == category.Id)));
}

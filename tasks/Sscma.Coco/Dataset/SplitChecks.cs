using Sscma.Diagnostics;

namespace Sscma.Coco;

/// <summary>What is only seen when two splits are laid side by side.</summary>
public static class SplitChecks
{
    private const int Named = 3;

    /// <summary>Warns of classes that are measured and never learned, and of images that are both.</summary>
    /// <param name="training">The training split.</param>
    /// <param name="validation">The validation split, with the same classes.</param>
    /// <param name="sink">Takes the warnings.</param>
    public static void Compare(CocoDataset training, CocoDataset validation, IDiagnosticSink sink)
    {
        var learned = training.Objects.Where(item => !item.IsCrowd).Select(item => item.ClassIndex).ToHashSet();
        var measured = validation.Objects.Where(item => !item.IsCrowd).Select(item => item.ClassIndex).Distinct().Order();
        var unlearned = measured.Where(index => !learned.Contains(index)).Select(index => $"'{validation.Categories[index].Name}'").ToList();
        if (unlearned.Count > 0)
        {
            sink.Report(Diagnostic.Warning(
                Codes.ClassUnlearned,
                $"no training image has an object of the class(es) {string.Join(", ", unlearned)}, which are measured here: their AP will be 0 and lower the mAP. Annotate some in the training split, or drop the class.",
                validation.AnnotationFile));
        }

        var known = training.Images.Select(image => image.Path).ToHashSet(StringComparer.Ordinal);
        var both = validation.Images.Where(image => known.Contains(image.Path)).Select(image => $"'{image.FileName}'").ToList();
        if (both.Count == 0)
            return;
        sink.Report(Diagnostic.Warning(
            Codes.ImageInBothSplits,
            $"{both.Count} of {validation.Images.Count} images are in the training split too ({string.Join(", ", both.Take(Named))}{(both.Count > Named ? ", …" : "")}): what was learned by heart is measured. Keep the splits apart.",
            validation.AnnotationFile));
    }
}

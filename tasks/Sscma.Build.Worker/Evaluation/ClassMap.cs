using Sscma.Coco;
using Sscma.Diagnostics;

namespace Sscma.Build.Worker.Evaluation;

/// <summary>Which category of the validation split each label of the model means: the one with its name.</summary>
internal static class ClassMap
{
    /// <summary>The category's index for each label.</summary>
    /// <exception cref="DiagnosticException">SSCMA4014: the two lists do not hold the same names.</exception>
    public static int[] Of(IReadOnlyList<string> labels, CocoDataset dataset)
    {
        string[] names = [.. dataset.Categories.Select(category => category.Name)];

        // Where a name stands twice, as some annotation tools write it, only equal lists can be told apart: by position.
        if (labels.SequenceEqual(names))
            return [.. Enumerable.Range(0, names.Length)];
        var unique = labels.Distinct().Count() == labels.Count && names.Distinct().Count() == names.Length;
        if (unique && labels.ToHashSet().SetEquals(names))
            return [.. labels.Select(label => Array.IndexOf(names, label))];
        throw new DiagnosticException(
            Codes.LabelsDiffer,
            $"the model knows the classes {List(labels)}, but the validation split has the categories {List(names)}. Use the validation split that belongs to the training split, or train again.",
            dataset.AnnotationFile);
    }

    private static string List(IReadOnlyList<string> names) => $"({string.Join(", ", names.Select(name => $"'{name}'"))})";
}

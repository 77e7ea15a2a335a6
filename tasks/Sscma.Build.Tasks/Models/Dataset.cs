namespace Sscma.Build.Tasks.Models;

/// <summary>A dataset whose paths are absolute and exist.</summary>
internal sealed class Dataset(string root, string trainAnnotations, string trainImages, string valAnnotations, string valImages)
{
    /// <summary>The folder that no image of the dataset may lie outside of.</summary>
    public string Root { get; } = root;

    /// <summary>The training split's annotation file.</summary>
    public string TrainAnnotations { get; } = trainAnnotations;

    /// <summary>The training split's image folder.</summary>
    public string TrainImages { get; } = trainImages;

    /// <summary>The validation split's annotation file.</summary>
    public string ValAnnotations { get; } = valAnnotations;

    /// <summary>The validation split's image folder.</summary>
    public string ValImages { get; } = valImages;
}

using Sscma.Coco;
using Sscma.Diagnostics;
using Sscma.Training.Configuration;
using Sscma.Training.Loading;

namespace Sscma.Training.Loop;

/// <summary>Both splits of a dataset, checked against each other, and the configuration that fits them.</summary>
/// <param name="Model">The model's name, for messages.</param>
/// <param name="Config">The configuration with its number of classes.</param>
/// <param name="Training">The training split.</param>
/// <param name="Images">What of the training split is trained on; at least one image.</param>
/// <param name="Validation">The validation split.</param>
internal sealed record TrainingData(
    string Model, DetectorConfig Config, CocoDataset Training, IReadOnlyList<TrainingImage> Images, CocoDataset Validation)
{
    /// <summary>The names of the classes, in the order of the network's outputs.</summary>
    public IReadOnlyList<string> Labels => [.. Training.Categories.Select(category => category.Name)];

    /// <summary>Reads both splits.</summary>
    /// <exception cref="DiagnosticException">SSCMA1xxx: the dataset; SSCMA2051, SSCMA2052: the splits do not fit the training.</exception>
    public static TrainingData Load(TrainingRequest request, IDiagnosticSink sink)
    {
        var training = CocoDataset.Load(request.TrainParts ?? [DatasetPart.Plain(request.TrainAnnotations, request.TrainImages)], sink);
        var validation = CocoDataset.Load(request.ValParts ?? [DatasetPart.Plain(request.ValAnnotations, request.ValImages)], sink);
        if (training.IsByName || validation.IsByName)
            validation = validation.WithClasses([.. training.Categories.Select(category => category.Name)], sink);
        else
            CheckCategories(training, validation);
        SplitChecks.Compare(training, validation, sink);
        var images = TrainingSet.Select(training, request.Config.Train.MinImageSide);
        if (images.Count == 0)
        {
            throw new DiagnosticException(
                Codes.NothingToTrainOn,
                $"none of the {training.Images.Count} training images can be used: an image needs an object of at least one pixel (not a crowd) and sides of at least {request.Config.Train.MinImageSide} pixels (train.min_image_side). Annotate objects or lower that limit.",
                training.AnnotationFile);
        }

        var config = request.ConfigFor?.Invoke(images.Count) ?? request.Config;
        config = config with { Model = config.Model with { NumClasses = training.Categories.Count } };
        return new TrainingData(request.Model, config, training, images, validation);
    }

    private static void CheckCategories(CocoDataset training, CocoDataset validation)
    {
        if (training.Categories.SequenceEqual(validation.Categories))
            return;
        static string Describe(CocoDataset dataset) => string.Join(", ", dataset.Categories.Select(category => $"{category.Id} {category.Name}"));
        throw new DiagnosticException(
            Codes.CategoriesDiffer,
            $"the categories are '{Describe(validation)}' but those of the training split '{training.AnnotationFile}' are '{Describe(training)}'. A class is known by its place in the list: both files need the same ids and names in the same order.",
            validation.AnnotationFile);
    }
}

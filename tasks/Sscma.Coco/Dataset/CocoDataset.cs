using Sscma.Diagnostics;
using static Sscma.Coco.AnnotationDocument;

namespace Sscma.Coco;

/// <summary>One split of a dataset: its classes, its images and their objects.</summary>
public sealed class CocoDataset
{
    private CocoDataset(string annotationFile, string imageFolder)
    {
        AnnotationFile = annotationFile;
        ImageFolder = imageFolder;
    }

    /// <summary>The annotation file.</summary>
    public string AnnotationFile { get; }

    /// <summary>The folder that file names are relative to.</summary>
    public string ImageFolder { get; }

    /// <summary>The classes, in the order of the file, which is the order of the network's outputs.</summary>
    public IReadOnlyList<CocoCategory> Categories { get; private init; } = [];

    /// <summary>The images, in the order of the file; those without objects too.</summary>
    public IReadOnlyList<CocoImage> Images { get; private init; } = [];

    /// <summary>The objects to learn, in the order of the file: boxes without area or outside their picture are left out, others clipped.</summary>
    public IReadOnlyList<CocoObject> Objects { get; private init; } = [];

    /// <summary>The annotations as the file holds them, for the evaluation, which counts as the reference does.</summary>
    public IReadOnlyList<CocoAnnotation> Annotations { get; private init; } = [];

    /// <summary>
    /// Reads the annotation file and looks at every image's header and end. What can be repaired or left out becomes a warning in
    /// <paramref name="sink"/>; what cannot ends in an error, one per cause: the last is thrown, any before it go to the sink.
    /// </summary>
    /// <param name="annotationFile">COCO JSON.</param>
    /// <param name="imageFolder">Where the file names of the images begin. No name may lead out of it.</param>
    /// <param name="sink">Takes the warnings.</param>
    /// <param name="allowEmpty">Whether a file without images or without objects is in order.</param>
    /// <exception cref="DiagnosticException">SSCMA10xx, SSCMA9002: the dataset cannot be used.</exception>
    public static CocoDataset Load(string annotationFile, string imageFolder, IDiagnosticSink sink, bool allowEmpty = false)
    {
        var text = AnnotationText.Read(annotationFile);
        var document = AnnotationReader.Read(text.Span, annotationFile);
        var findings = new Findings(annotationFile, text, sink);
        CheckLists(document, findings, allowEmpty);
        CheckIds(document, findings);
        if (document.Images.Count > 0 && !Directory.Exists(imageFolder))
            findings.Add(Severity.Error, Codes.ImageFolderMissing, null, imageFolder, $"the image folder '{imageFolder}' is not there. Check TrainImgPrefix or ValImgPrefix, which are relative to DataRoot.", 0);
        if (findings.HasErrors)
            findings.Close();

        var images = new ImageLocator(imageFolder, findings).Locate(document.Images);
        var objects = new ObjectBuilder(document, images, findings).Build();
        if (!findings.HasErrors && !allowEmpty && !objects.Exists(item => !item.IsCrowd))
            findings.Add(Severity.Error, Codes.NoObjects, null, annotationFile, $"none of the {document.Images.Count} images has a box: there is nothing to learn from. Annotate the images, or check that this is the right file.", 0);
        findings.Close();
        return new CocoDataset(annotationFile, imageFolder)
        {
            Categories = [.. document.Categories.Select(category => new CocoCategory(category.Id, category.Name))],
            Images = [.. images.Select(image => image!)],
            Objects = objects,
            Annotations = [.. document.Annotations.Select(entry => entry.Value)],
        };
    }

    private static void CheckLists(AnnotationDocument document, Findings findings, bool allowEmpty)
    {
        if (document.Images.Count == 0 && !allowEmpty)
            findings.Add(Severity.Error, Codes.NoImages, null, "", "the annotation file lists no images. Check that it is the right file.", 0);
        else if (document.Categories.Count == 0 && !allowEmpty)
            findings.Add(Severity.Error, Codes.NoCategories, null, "", "the annotation file lists no categories. Check that it is the right file.", 0);
    }

    private static void CheckIds(AnnotationDocument document, Findings findings)
    {
        var images = new Dictionary<long, ImageEntry>();
        foreach (var image in document.Images.Where(image => !images.TryAdd(image.Id, image)))
        {
            findings.Add(Severity.Error, Codes.ImageIdTwice, null, $"id {image.Id} ('{image.FileName}')",
                $"image id {image.Id} is used twice, by '{images[image.Id].FileName}' and '{image.FileName}', so their boxes cannot be told apart. Give each image its own id.", image.Offset);
        }

        var categories = new Dictionary<long, CategoryEntry>();
        foreach (var category in document.Categories.Where(category => !categories.TryAdd(category.Id, category)))
        {
            findings.Add(Severity.Error, Codes.CategoryIdTwice, null, $"id {category.Id} ('{category.Name}')",
                $"category id {category.Id} is used twice, by '{categories[category.Id].Name}' and '{category.Name}'. Give each category its own id.", category.Offset);
        }
    }
}

using System.Text;
using Sscma.Diagnostics;
using Sscma.Files;
using static Sscma.Coco.AnnotationDocument;

namespace Sscma.Coco;

/// <summary>One split of a dataset: its classes, its images and their objects.</summary>
public sealed class CocoDataset
{
    internal CocoDataset(string annotationFile, string imageFolder)
    {
        AnnotationFile = annotationFile;
        ImageFolder = imageFolder;
    }

    /// <summary>The annotation file.</summary>
    public string AnnotationFile { get; }

    /// <summary>The folder that file names are relative to.</summary>
    public string ImageFolder { get; }

    /// <summary>The classes, in the order of the file, which is the order of the network's outputs.</summary>
    public IReadOnlyList<CocoCategory> Categories { get; internal init; } = [];

    /// <summary>The images, in the order of the file; those without objects too.</summary>
    public IReadOnlyList<CocoImage> Images { get; internal init; } = [];

    /// <summary>The objects to learn, in the order of the file: boxes without area or outside their picture are left out, others clipped.</summary>
    public IReadOnlyList<CocoObject> Objects { get; internal init; } = [];

    /// <summary>The annotations as the file holds them, for the evaluation, which counts as the reference does.</summary>
    public IReadOnlyList<CocoAnnotation> Annotations { get; internal init; } = [];

    /// <summary>Every file that was read for the annotations, in their order.</summary>
    public IReadOnlyList<string> AnnotationFiles { get; internal init; } = [];

    /// <summary>Whether classes are known by their names, and not by id and place: true unless the split is one COCO file as it stands.</summary>
    public bool IsByName { get; internal init; }

    /// <summary>What else decides how the files are understood: empty for one COCO file as it stands.</summary>
    internal string Reading { get; init; } = "";

    /// <summary>A digest of the annotations: of the one file, or of all files, their names and how they are read.</summary>
    public string AnnotationDigest()
    {
        if (!IsByName)
            return Digest.OfFile(AnnotationFile);
        var lines = AnnotationFiles.Where(File.Exists).Select(file => $"{Path.GetFileName(file)} {Digest.OfFile(file)}");
        return Digest.OfBytes(Encoding.UTF8.GetBytes(Reading + "\n" + string.Join('\n', lines)));
    }

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
        return Build(document, new Findings(annotationFile, text, sink), annotationFile, imageFolder, allowEmpty);
    }

    /// <summary>
    /// Reads a split from its parts. One plain COCO file is taken as it stands; else classes are told apart by name and every id is given anew, in
    /// the order of the parts, so that equal file names or ids of two parts stay two images.
    /// </summary>
    /// <param name="parts">At least one.</param>
    /// <param name="sink">Takes the warnings.</param>
    /// <param name="allowEmpty">Whether a split without images or without objects is in order.</param>
    /// <exception cref="DiagnosticException">SSCMA10xx, SSCMA9002: the split cannot be used.</exception>
    public static CocoDataset Load(IReadOnlyList<DatasetPart> parts, IDiagnosticSink sink, bool allowEmpty = false)
    {
        if (parts is [{ IsPlain: true } only])
            return Load(only.Annotations, only.Images, sink, allowEmpty);
        // A part may be a folder of pictures without objects, if another part has some.
        var merged = DatasetMerge.Of(parts, [.. parts.Select(part => Read(part, sink))]);
        if (!allowEmpty && merged.Images.Count == 0)
            throw new DiagnosticException(Codes.NoImages, "the split lists no images. Check that these are the right files.", merged.AnnotationFile);
        if (!allowEmpty && !merged.Objects.Any(item => !item.IsCrowd))
            throw new DiagnosticException(Codes.NoObjects, $"none of the {merged.Images.Count} images has a box: there is nothing to learn from. Annotate the images, or look at ClassMap.", merged.AnnotationFile);
        return merged;
    }

    /// <summary>
    /// The split with exactly these classes, in this order. A class of the split that is not among them is left out, with a warning: a model that does
    /// not know it cannot be measured by it.
    /// </summary>
    public CocoDataset WithClasses(IReadOnlyList<string> names, IDiagnosticSink sink) => DatasetMerge.WithClasses(this, names, sink);

    private static CocoDataset Read(DatasetPart part, IDiagnosticSink sink)
    {
        if (part.Format == DatasetFormat.Coco)
            return Load(part.Annotations, part.Images, sink, allowEmpty: true);
        var places = new SourceList();
        var findings = new Findings(offset => places[offset], sink);
        var document = part.Format == DatasetFormat.Yolo ? YoloReader.Read(part, places, findings) : new VocReader(part, places, findings).Read();
        if (findings.HasErrors)
            findings.Close();
        return Build(document, findings, part.Annotations, part.Format == DatasetFormat.Yolo ? part.Root : part.Images, allowEmpty: true);
    }

    private static CocoDataset Build(AnnotationDocument document, Findings findings, string annotationFile, string imageFolder, bool allowEmpty)
    {
        CheckLists(document, findings, allowEmpty);
        CheckIds(document, findings);
        if (document.Images.Count > 0 && !Directory.Exists(imageFolder))
            findings.Add(Severity.Error, Codes.ImageFolderMissing, null, imageFolder, $"the image folder '{imageFolder}' is not there. Check TrainImgPrefix or ValImgPrefix, which are relative to DataRoot.", 0);
        if (findings.HasErrors)
            findings.Close();

        var images = new ImageLocator(imageFolder, findings).Locate(document.Images);
        if (document.IsNormalized)
            ToPixels(document, images);
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
            AnnotationFiles = document.Files.Count > 0 ? document.Files : [annotationFile],
        };
    }

    /// <summary>Boxes in fractions of a picture become boxes in its pixels; the ids of such a document are 1, 2, 3, …</summary>
    private static void ToPixels(AnnotationDocument document, CocoImage?[] images)
    {
        for (var i = 0; i < document.Annotations.Count; i++)
        {
            var entry = document.Annotations[i];
            if (images[entry.Value.ImageId - 1] is not { } image)
                continue;
            var (width, height) = (entry.Value.Width * image.Width, entry.Value.Height * image.Height);
            var value = entry.Value with { X = entry.Value.X * image.Width, Y = entry.Value.Y * image.Height, Width = width, Height = height, Area = width * height };
            document.Annotations[i] = entry with { Value = value };
        }
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

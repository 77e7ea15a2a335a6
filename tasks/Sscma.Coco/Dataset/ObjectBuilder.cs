using System.Globalization;
using Sscma.Diagnostics;
using static Sscma.Coco.AnnotationDocument;

namespace Sscma.Coco;

/// <summary>Makes the objects to learn from the annotations, and says what is wrong with the others.</summary>
internal sealed class ObjectBuilder(AnnotationDocument document, CocoImage?[] images, Findings findings)
{
    /// <summary>A box that reaches this far beyond its picture is rounding, which is not worth a word.</summary>
    private const double SilentExcess = 1;

    private readonly Dictionary<long, int> _imageById = Index(document.Images.Select(image => image.Id));
    private readonly Dictionary<long, int> _classById = Index(document.Categories.Select(category => category.Id));
    private readonly HashSet<long> _ids = [];

    /// <summary>The objects, in the order of the file.</summary>
    public List<CocoObject> Build()
    {
        var objects = new List<CocoObject>();
        foreach (var entry in document.Annotations)
        {
            if (!_ids.Add(entry.Value.Id))
                Warn(Codes.AnnotationIdTwice, entry, $"annotation id {entry.Value.Id} is used twice; both boxes are kept. Give each annotation its own id.");
            if (Make(entry) is { } made)
                objects.Add(made);
        }

        return objects;
    }

    private CocoObject? Make(AnnotationEntry entry)
    {
        var annotation = entry.Value;
        if (!_imageById.TryGetValue(annotation.ImageId, out var imageIndex))
        {
            Warn(Codes.ImageUnknown, entry, $"annotation {annotation.Id} belongs to image id {annotation.ImageId}, which is not in images, and is left out. Add the image or remove the annotation.");
            return null;
        }

        if (!_classById.TryGetValue(annotation.CategoryId, out var classIndex))
        {
            Fail(Codes.CategoryUnknown, entry, $"category id {annotation.CategoryId} of annotation {annotation.Id} is not in categories ({Listed()}). Add the category or correct the annotation.");
            return null;
        }

        var image = images[imageIndex];
        return IsNumbers(entry, imageIndex) && image is not null && HasArea(entry, image) ? Clip(entry, image, imageIndex, classIndex) : null;
    }

    private bool IsNumbers(AnnotationEntry entry, int imageIndex)
    {
        if (entry.Box == BoxState.Missing)
            Fail(Codes.BoxMissing, entry, $"annotation {entry.Value.Id} ('{document.Images[imageIndex].FileName}') has no bbox. Add it as [x, y, width, height]; it is not taken from a polygon.");
        else if (entry.Box == BoxState.Malformed)
            Fail(Codes.BoxNotFourNumbers, entry, $"the bbox of annotation {entry.Value.Id} ('{document.Images[imageIndex].FileName}') is not four numbers. Write it as [x, y, width, height].");
        return entry.Box == BoxState.Numbers;
    }

    private bool HasArea(AnnotationEntry entry, CocoImage image)
    {
        if (entry.Value.Width > 0 && entry.Value.Height > 0)
            return true;
        Warn(Codes.BoxWithoutArea, entry, $"the box {Box(entry.Value)} of annotation {entry.Value.Id} ('{image.FileName}') has no area and is not learned. Correct or remove it.");
        return false;
    }

    private CocoObject? Clip(AnnotationEntry entry, CocoImage image, int imageIndex, int classIndex)
    {
        var box = entry.Value;
        double left = Math.Max(box.X, 0), top = Math.Max(box.Y, 0);
        double right = Math.Min(box.X + box.Width, image.Width), bottom = Math.Min(box.Y + box.Height, image.Height);
        var where = $"the box {Box(box)} of annotation {box.Id} ('{image.FileName}', {image.Width}x{image.Height})";
        if (right <= left || bottom <= top)
        {
            Warn(Codes.BoxOutsideImage, entry, $"{where} lies outside its picture and is not learned. Correct or remove it.");
            return null;
        }

        var excess = Math.Max(Math.Max(left - box.X, top - box.Y), Math.Max(box.X + box.Width - right, box.Y + box.Height - bottom));
        if (excess == 0)
            return new CocoObject(box.Id, imageIndex, classIndex, box.X, box.Y, box.Width, box.Height, box.Area, box.IsCrowd);
        if (excess > SilentExcess)
            Warn(Codes.BoxClipped, entry, $"{where} reaches beyond its picture and is clipped for training. Correct it.");
        return new CocoObject(box.Id, imageIndex, classIndex, left, top, right - left, bottom - top, box.Area, box.IsCrowd);
    }

    private void Warn(string code, AnnotationEntry entry, string message) => Add(Severity.Warning, code, entry, message);

    private void Fail(string code, AnnotationEntry entry, string message) => Add(Severity.Error, code, entry, message);

    private void Add(Severity severity, string code, AnnotationEntry entry, string message) =>
        findings.Add(severity, code, $"{document.Annotations.Count} annotations", $"{entry.Value.Id}", message, entry.Offset);

    private string Listed() => string.Join(", ", document.Categories.Take(20).Select(category => category.Id)) + (document.Categories.Count > 20 ? ", …" : "");

    private static string Box(CocoAnnotation box) => string.Create(CultureInfo.InvariantCulture, $"[{box.X}, {box.Y}, {box.Width}, {box.Height}]");

    private static Dictionary<long, int> Index(IEnumerable<long> ids)
    {
        var index = new Dictionary<long, int>();
        foreach (var id in ids)
            index.TryAdd(id, index.Count);
        return index;
    }
}

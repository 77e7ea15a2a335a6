using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Sscma.Diagnostics;
using static Sscma.Coco.AnnotationDocument;

namespace Sscma.Coco;

/// <summary>
/// Reads a Pascal VOC split. Coordinates count pixels from 1 and include the last one, as the VOC development kit says: x = xmin − 1, width = xmax − xmin + 1.
/// An object that is marked difficult is neither learned nor counted as missed.
/// </summary>
internal sealed class VocReader(DatasetPart part, SourceList places, Findings findings)
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp", ".gif", ".JPG", ".JPEG", ".PNG"];

    private readonly AnnotationDocument _document = new();
    private readonly List<(string Name, bool Difficult, int Image, (double X, double Y, double Width, double Height) Box, int Offset)> _objects = [];

    /// <summary>Reads the split.</summary>
    /// <exception cref="DiagnosticException">SSCMA1001, 1003, 1032, 9002: a file cannot be read or is no such XML.</exception>
    public AnnotationDocument Read()
    {
        foreach (var (file, offset) in Files())
        {
            _document.Files.Add(file);
            try
            {
                ReadFile(file);
            }
            catch (DiagnosticException problem) when (problem.Diagnostic is { Code: Codes.LabelFileWrong or Codes.AnnotationFileMissing } wrong)
            {
                var place = wrong.Code == Codes.AnnotationFileMissing ? offset : places.Add(file, wrong.Line);
                var message = wrong.Code == Codes.AnnotationFileMissing ? $"'{file}' is not there. Restore it, or remove its name from the list." : wrong.Message;
                findings.Add(Severity.Error, wrong.Code, null, Path.GetFileName(file), message, place);
            }
        }

        AddClasses();
        return _document;
    }

    /// <summary>The XML files with the place that names them.</summary>
    private IEnumerable<(string File, int Offset)> Files()
    {
        if (Directory.Exists(part.Annotations))
        {
            var folder = places.Add(part.Annotations);
            foreach (var file in Directory.EnumerateFiles(part.Annotations, "*.xml").Order(StringComparer.Ordinal))
                yield return (file, folder);
            yield break;
        }

        var number = 0;
        _document.Files.Add(part.Annotations);
        foreach (var line in FolderText.Read(part.Annotations).Split('\n'))
        {
            number++;
            var words = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);

            // The list of one class says which images are without it: "000012 -1".
            if (words.Length > 0 && words is not [_, "-1", ..])
                yield return (Path.Combine(part.Labels, Path.GetFileName(words[0]) + (words[0].EndsWith(".xml", StringComparison.Ordinal) ? "" : ".xml")), places.Add(part.Annotations, number));
        }
    }

    private void ReadFile(string file)
    {
        var root = Load(file);
        if (root.Name.LocalName != "annotation")
            throw Wrong(file, root, $"the outermost element is <{root.Name.LocalName}>, where <annotation> was expected");
        var size = root.Element("size");
        var image = new ImageEntry(
            _document.Images.Count + 1, ImageName(file, root), Optional(size?.Element("width")), Optional(size?.Element("height")), places.Add(file, Line(root)));
        var objects = root.Elements("object").Select(item => ReadObject(file, item, (int)image.Id)).ToList();
        _document.Images.Add(image);
        _objects.AddRange(objects);
    }

    private (string, bool, int, (double, double, double, double), int) ReadObject(string file, XElement item, int image)
    {
        var name = ((string?)item.Element("name"))?.Trim();
        if (string.IsNullOrEmpty(name))
            throw Wrong(file, item, "an <object> has no <name>");
        var box = item.Element("bndbox") ?? throw Wrong(file, item, $"the object '{name}' has no <bndbox>");
        double left = Number(file, box, "xmin"), top = Number(file, box, "ymin"), right = Number(file, box, "xmax"), bottom = Number(file, box, "ymax");
        var difficult = ((string?)item.Element("difficult"))?.Trim() == "1";
        return (name, difficult, image, (left - 1, top - 1, right - left + 1, bottom - top + 1), places.Add(file, Line(box)));
    }

    /// <summary>The picture: as the XML names it, or with the name of the XML file; folders in the name are the annotator's own.</summary>
    private string ImageName(string file, XElement root)
    {
        var written = Path.GetFileName((((string?)root.Element("filename")) ?? "").Trim().Replace('\\', '/'));
        if (written.Length > 0 && File.Exists(Path.Combine(part.Images, written)))
            return written;
        var stem = Path.GetFileNameWithoutExtension(file);
        return Extensions.Select(extension => stem + extension).FirstOrDefault(name => File.Exists(Path.Combine(part.Images, name)))
            ?? (written.Length > 0 ? written : stem + ".jpg");
    }

    private void AddClasses()
    {
        var given = part.ClassNames.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var names = given.Length > 0 ? [.. given] : _objects.Select(item => item.Name).Distinct().Order(StringComparer.Ordinal).ToList();
        var start = places.Add(part.Annotations);
        for (var i = 0; i < names.Count; i++)
            _document.Categories.Add(new CategoryEntry(i + 1, names[i], start));
        foreach (var (name, difficult, image, box, offset) in _objects)
        {
            var index = names.IndexOf(name);
            if (index < 0)
            {
                findings.Add(Severity.Error, Codes.LabelFileWrong, null, $"'{name}'",
                    $"the class '{name}' is not in ClassNames of the dataset '{part.Dataset}' ({string.Join(", ", names)}). Add it, or correct the object.", offset);
                continue;
            }

            _document.Annotations.Add(new AnnotationEntry(
                new CocoAnnotation(_document.Annotations.Count + 1, image, index + 1, box.X, box.Y, box.Width, box.Height, box.Width * box.Height, difficult), BoxState.Numbers, offset));
        }
    }

    private static XElement Load(string file)
    {
        // No DTD, so no entities; nothing outside the file is ever opened.
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = FolderText.MaxBytes };
        try
        {
            using var reader = XmlReader.Create(new StringReader(FolderText.Read(file)), settings);
            return XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException problem)
        {
            throw new DiagnosticException(Diagnostic.Error(Codes.LabelFileWrong, $"the XML cannot be read: {problem.Message}", file, Math.Max(1, problem.LineNumber), problem.LinePosition), problem);
        }
    }

    private static double Number(string file, XElement box, string name) =>
        double.TryParse((string?)box.Element(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Wrong(file, box, $"<{name}> of a <bndbox> is {(box.Element(name) is { } element ? $"'{element.Value.Trim()}'" : "absent")}, where a number was expected");

    private static double Optional(XElement? element) =>
        double.TryParse((string?)element, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : 0;

    private static int Line(IXmlLineInfo place) => place.LineNumber;

    private static DiagnosticException Wrong(string file, XElement place, string what) =>
        new(Codes.LabelFileWrong, $"{what}. Correct the file.", file, Line(place), 0);
}

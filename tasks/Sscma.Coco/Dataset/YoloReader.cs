using System.Globalization;
using Sscma.Diagnostics;
using static Sscma.Coco.AnnotationDocument;

namespace Sscma.Coco;

/// <summary>
/// Reads a YOLO split: lines <c>class cx cy w h</c>, or <c>class x1 y1 x2 y2 x3 y3 …</c> of a polygon, whose bounding box is taken; all in fractions of the picture.
/// A picture without a label file has no objects.
/// </summary>
internal static class YoloReader
{
    // What rounding to a few decimals may add.
    private const double Rounding = 1e-3;

    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>Reads the split.</summary>
    /// <exception cref="DiagnosticException">SSCMA1030: data.yaml cannot be used; SSCMA1001, 1003, 1032, 9002: a label file cannot be read.</exception>
    public static AnnotationDocument Read(DatasetPart part, SourceList places, Findings findings)
    {
        var data = YoloDataFile.Read(part);
        var document = new AnnotationDocument { IsNormalized = true };
        document.Files.Add(part.Annotations);
        for (var i = 0; i < data.Names.Count; i++)
            document.Categories.Add(new CategoryEntry(i + 1, data.Names[i], places.Add(part.Annotations)));
        var images = data.Sources.SelectMany(YoloPaths.Images).Distinct(StringComparer.Ordinal).ToList();
        var labels = new string?[images.Count];
        Parallel.For(0, images.Count, i => labels[i] = File.Exists(YoloPaths.LabelOf(images[i])) ? FolderText.Read(YoloPaths.LabelOf(images[i])) : null);
        for (var i = 0; i < images.Count; i++)
        {
            var name = Path.GetRelativePath(part.Root, images[i]).Replace('\\', '/');
            document.Images.Add(new ImageEntry(i + 1, name, 0, 0, places.Add(labels[i] is null ? part.Annotations : YoloPaths.LabelOf(images[i]))));
            if (labels[i] is not { } text)
                continue;
            document.Files.Add(YoloPaths.LabelOf(images[i]));
            ReadLabels(text, YoloPaths.LabelOf(images[i]), document, data.Names.Count, places, findings);
        }

        return document;
    }

    private static void ReadLabels(string text, string file, AnnotationDocument document, int classes, SourceList places, Findings findings)
    {
        var image = document.Images.Count;
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var words = line.Trim().Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            var fault = Parse(words, classes, out var index, out var box);
            if (fault is not null)
            {
                findings.Add(Severity.Error, Codes.LabelFileWrong, null, $"{Path.GetFileName(file)} line {number}",
                    $"'{Shortened(line.Trim())}': {fault}. Write 'class cx cy w h' with fractions of the picture from 0 to 1.", places.Add(file, number));
                continue;
            }

            document.Annotations.Add(new AnnotationEntry(
                new CocoAnnotation(document.Annotations.Count + 1, image, index + 1, box.X, box.Y, box.Width, box.Height, box.Width * box.Height, false),
                BoxState.Numbers,
                places.Add(file, number)));
        }
    }

    /// <summary>What is wrong with a line, or null.</summary>
    private static string? Parse(string[] words, int classes, out int index, out (double X, double Y, double Width, double Height) box)
    {
        box = default;
        if (!int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out index))
            return $"the class is '{Shortened(words[0])}', where a whole number was expected";
        if (index >= classes)
            return $"the class is {index}, but 'names' of data.yaml has the numbers 0 to {classes - 1} only";
        var numbers = new double[words.Length - 1];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!double.TryParse(words[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
                return $"'{Shortened(words[i + 1])}' is no number";
            if (numbers[i] < -Rounding || numbers[i] > 1 + Rounding)
                return $"'{words[i + 1]}' is no fraction of the picture";
        }

        if (numbers.Length == 4)
        {
            box = (numbers[0] - (numbers[2] / 2), numbers[1] - (numbers[3] / 2), numbers[2], numbers[3]);
            return null;
        }

        if (numbers.Length < 6 || numbers.Length % 2 != 0)
            return $"{numbers.Length} numbers stand after the class, where 4 (a box) or 6, 8, 10, … (a polygon) were expected";
        var (xs, ys) = (numbers.Where((_, i) => i % 2 == 0).ToArray(), numbers.Where((_, i) => i % 2 == 1).ToArray());
        box = (xs.Min(), ys.Min(), xs.Max() - xs.Min(), ys.Max() - ys.Min());
        return null;
    }

    private static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";
}

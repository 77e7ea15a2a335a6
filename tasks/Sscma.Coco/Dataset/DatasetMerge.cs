using Sscma.Diagnostics;

namespace Sscma.Coco;

/// <summary>Puts the parts of a split together: classes by name, images by part.</summary>
internal static class DatasetMerge
{
    /// <summary>
    /// The merged split. Classes: those of the first part in its order, then the new names of the next. Images and annotations: in the order of the
    /// parts, with ids from 1. Annotations of images or classes that no list has are left out.
    /// </summary>
    /// <exception cref="DiagnosticException">SSCMA1033: ClassMap names a class that the dataset does not have.</exception>
    public static CocoDataset Of(IReadOnlyList<DatasetPart> parts, IReadOnlyList<CocoDataset> loaded)
    {
        CheckMaps(parts, loaded);
        var names = new List<string>();
        List<CocoImage> images = [];
        List<CocoObject> objects = [];
        List<CocoAnnotation> annotations = [];
        foreach (var (part, dataset) in parts.Zip(loaded))
        {
            var classes = ClassesOf(part, dataset, names);
            var first = images.Count;
            var imageIds = new Dictionary<long, long>();
            foreach (var image in dataset.Images)
            {
                imageIds.TryAdd(image.Id, images.Count + 1);
                images.Add(image with { Id = images.Count + 1, FileName = $"{part.Name}/{image.FileName}" });
            }

            var categoryIds = new Dictionary<long, int>();
            for (var i = 0; i < classes.Length; i++)
                categoryIds.TryAdd(dataset.Categories[i].Id, classes[i]);
            var before = annotations.Count;
            objects.AddRange(dataset.Objects.Where(item => classes[item.ClassIndex] >= 0)
                .Select((item, i) => item with { Id = before + i + 1, ImageIndex = first + item.ImageIndex, ClassIndex = classes[item.ClassIndex] }));
            foreach (var annotation in dataset.Annotations)
            {
                if (imageIds.TryGetValue(annotation.ImageId, out var image) && categoryIds.TryGetValue(annotation.CategoryId, out var category) && category >= 0)
                    annotations.Add(annotation with { Id = annotations.Count + 1, ImageId = image, CategoryId = category + 1 });
            }
        }

        if (names.Count == 0)
            throw new DiagnosticException(Codes.NoCategories, "the split has no classes. Check that these are the right files, and ClassMap.", loaded[0].AnnotationFile);
        return new CocoDataset(loaded[0].AnnotationFile, loaded[0].ImageFolder)
        {
            Categories = [.. names.Select((name, i) => new CocoCategory(i + 1, name))],
            Images = images,
            Objects = objects,
            Annotations = annotations,
            AnnotationFiles = [.. loaded.SelectMany(dataset => dataset.AnnotationFiles)],
            IsByName = true,
            Reading = string.Join('\n', parts.Select(part => $"{part.Format} {part.Name} {part.ClassMap} {part.ClassNames}")),
        };
    }

    /// <summary>
    /// The split with exactly these classes, in this order. A class of the split that is not among them is left out, with a warning: a model that does
    /// not know it cannot be measured by it.
    /// </summary>
    public static CocoDataset WithClasses(CocoDataset dataset, IReadOnlyList<string> names, IDiagnosticSink sink)
    {
        var index = names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
        var classes = dataset.Categories.Select(category => index.GetValueOrDefault(category.Name, -1)).ToArray();
        var unknown = dataset.Categories.Where(category => !index.ContainsKey(category.Name)).Select(category => category.Name).ToList();
        if (unknown.Count > 0)
        {
            sink.Report(Diagnostic.Warning(
                Codes.ClassNotTrained,
                $"the training split does not have the class(es) {string.Join(", ", unknown.Select(name => $"'{name}'"))}, which are left out here. Annotate them there too, or rename or drop them with ClassMap.",
                dataset.AnnotationFile));
        }

        var ids = dataset.Categories.Select((category, i) => (category.Id, Index: classes[i])).ToDictionary(pair => pair.Id, pair => pair.Index);
        return new CocoDataset(dataset.AnnotationFile, dataset.ImageFolder)
        {
            Categories = [.. names.Select((name, i) => new CocoCategory(i + 1, name))],
            Images = dataset.Images,
            Objects = [.. dataset.Objects.Where(item => classes[item.ClassIndex] >= 0).Select(item => item with { ClassIndex = classes[item.ClassIndex] })],
            Annotations = [.. dataset.Annotations.Where(item => ids.GetValueOrDefault(item.CategoryId, -1) >= 0).Select(item => item with { CategoryId = ids[item.CategoryId] + 1 })],
            AnnotationFiles = dataset.AnnotationFiles,
            IsByName = true,
            Reading = dataset.Reading,
        };
    }

    /// <summary>The class index of each category after renaming; −1 for one that is dropped. New names are added to the list.</summary>
    private static int[] ClassesOf(DatasetPart part, CocoDataset dataset, List<string> names)
    {
        var renaming = new ClassRenaming(part.ClassMap);
        var classes = new int[dataset.Categories.Count];
        for (var i = 0; i < classes.Length; i++)
        {
            var name = renaming.Of(dataset.Categories[i].Name);
            classes[i] = name is null ? -1 : names.IndexOf(name);
            if (name is null || classes[i] >= 0)
                continue;
            classes[i] = names.Count;
            names.Add(name);
        }

        return classes;
    }

    /// <summary>Only the training split has to have every class that is renamed.</summary>
    private static void CheckMaps(IReadOnlyList<DatasetPart> parts, IReadOnlyList<CocoDataset> loaded)
    {
        foreach (var same in parts.Zip(loaded).Where(pair => pair.First.Split == "train").GroupBy(pair => pair.First.Dataset, StringComparer.Ordinal))
        {
            var known = same.SelectMany(pair => pair.Second.Categories).Select(category => category.Name).Distinct().ToList();
            var unknown = new ClassRenaming(same.First().First.ClassMap).Sources.FirstOrDefault(name => !known.Contains(name));
            if (unknown is null)
                continue;
            var nearest = EditDistance.Nearest(unknown, known);
            throw new DiagnosticException(
                Codes.ClassMapUnknown,
                $"ClassMap of the dataset '{same.Key}' renames the class '{unknown}', which the dataset does not have.{(nearest is null ? "" : $" Did you mean '{nearest}'?")} It has {string.Join(", ", known)}.",
                same.First().Second.AnnotationFile);
        }
    }
}

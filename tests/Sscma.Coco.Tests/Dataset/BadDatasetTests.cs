using Sscma.Diagnostics;

namespace Sscma.Coco.Tests;

/// <summary>Every broken dataset ends as the manifest demands, with exactly one message or none.</summary>
[TestClass]
public sealed class BadDatasetTests
{
    /// <summary>What we say about each; a folder that is not here must be read without a word.</summary>
    private static readonly Dictionary<string, (string Code, string[] Fragments)> Messages = new()
    {
        ["json-truncated"] = (Codes.AnnotationJsonBroken, ["_annotations.coco.json(", "cut short"]),
        ["json-utf16"] = (Codes.AnnotationEncoding, ["UTF-16", "UTF-8"]),
        ["json-deep-nesting"] = (Codes.AnnotationTooDeep, ["nested deeper"]),
        ["image-missing"] = (Codes.ImageMissing, ["'0002.jpg'", "_annotations.coco.json(", "1 of 4 images"]),
        ["image-zero-byte"] = (Codes.ImageEmpty, ["'0002.jpg'", "empty"]),
        ["image-jpeg-truncated"] = (Codes.ImageCutShort, ["'0002.jpg'", "cut short"]),
        ["image-png-bomb"] = (Codes.ImageTooLarge, ["'0002.png'", "20000x20000", "limit", "160x120"]),
        ["bbox-negative-size"] = (Codes.BoxWithoutArea, ["annotation 1 ", "_annotations.coco.json(", "[8.75, 94.25, -28.75, 25.5]", "2 of 41", ": 2."]),
        ["bbox-nan"] = (Codes.AnnotationJsonBroken, ["NaN", "_annotations.coco.json(69,5)"]),
        ["bbox-strings"] = (Codes.BoxNotFourNumbers, ["annotation 1 ", "not four numbers", "The same: 2"]),
        ["ids-duplicate-image"] = (Codes.ImageIdTwice, ["image id 1 is used twice, by '0001.jpg' and '0002.jpg'"]),
        ["ids-duplicate-annotation"] = (Codes.AnnotationIdTwice, ["annotation id 1 is used twice", "both boxes are kept"]),
        ["category-unknown"] = (Codes.CategoryUnknown, ["category id 9", "(1, 2, 3)", "annotation 1 "]),
        ["path-traversal"] = (Codes.ImagePathOutside, ["'../../etc/passwd'", "leads out of"]),
        ["path-absolute"] = (Codes.ImagePathOutside, ["'/etc/passwd'", "is absolute"]),
        ["size-huge-declared"] = (Codes.ImageSizeDiffers, ["1000000000x1000000000", "160x120", "'0002.jpg'"]),
        ["annotations-empty"] = (Codes.NoObjects, ["none of the 4 images has a box", "nothing to learn from"]),
        ["images-zero"] = (Codes.NoImages, ["lists no images"]),
        ["annotation-unknown-image"] = (Codes.ImageUnknown, ["annotation 1 belongs to image id 999", "not in images"]),
        ["annotation-polygon-no-bbox"] = (Codes.BoxMissing, ["12 of 41 annotations", "no bbox", "The same: 12, 13"]),
    };

    public static IEnumerable<object[]> Names => BadDatasetCase.All.Select(item => new object[] { item.Name });

    [TestMethod]
    public void Every_message_belongs_to_a_case_and_all_cases_are_here()
    {
        Assert.HasCount(32, BadDatasetCase.All);
        var known = BadDatasetCase.All.Select(item => item.Name).ToHashSet();
        Assert.IsEmpty(Messages.Keys.Where(name => !known.Contains(name)).ToList());
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_dataset_ends_as_the_manifest_demands(string name)
    {
        var item = BadDatasetCase.All.Single(item => item.Name == name);
        var (dataset, diagnostics) = Load(item.Train);
        var rejected = dataset is null;

        if (rejected)
            Assert.IsTrue(item.Outcome is "reject" or "either", $"{name} was rejected: {diagnostics[^1]}");
        else
            Assert.AreNotEqual("reject", item.Outcome, $"{name} was read");
        Assert.HasCount(name == "bbox-outside-image" ? 2 : Messages.ContainsKey(name) ? 1 : 0, diagnostics, string.Join("\n", diagnostics));
        foreach (var diagnostic in diagnostics)
            Assert.AreEqual(rejected ? Severity.Error : Severity.Warning, diagnostic.Severity);
        if (!rejected)
        {
            var silent = diagnostics.Count == 0;
            Assert.HasCount(silent ? item.ImagesIfRead : item.Images, dataset!.Images);
            Assert.HasCount(silent ? item.BoxesIfRead : item.Boxes, dataset.Objects.Where(box => !box.IsCrowd));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_message_names_what_is_wrong(string name)
    {
        if (!Messages.TryGetValue(name, out var expected))
            return;
        var (_, diagnostics) = Load(BadDatasetCase.All.Single(item => item.Name == name).Train);
        Assert.AreEqual(expected.Code, diagnostics[0].Code);
        foreach (var fragment in expected.Fragments)
            Assert.Contains(fragment, diagnostics[0].ToString());
        Assert.DoesNotContain("   at ", diagnostics[0].ToString());
    }

    [TestMethod]
    public void A_box_outside_is_dropped_and_one_partly_outside_is_clipped_each_with_its_own_warning()
    {
        var (dataset, diagnostics) = Load(BadDatasetCase.All.Single(item => item.Name == "bbox-outside-image").Train);
        Assert.HasCount(2, diagnostics);
        Assert.AreEqual(Codes.BoxOutsideImage, diagnostics[0].Code);
        Assert.Contains("[400, 300, 40, 40] of annotation 1 ('0001.jpg', 160x120)", diagnostics[0].Message);
        Assert.AreEqual(Codes.BoxClipped, diagnostics[1].Code);
        Assert.Contains("[140, 100, 60, 50] of annotation 2 ('0001.jpg', 160x120)", diagnostics[1].Message);
        var clipped = dataset!.Objects.Single(box => box.Id == 2);
        Assert.AreEqual((140, 100, 20, 20), (clipped.X, clipped.Y, clipped.Width, clipped.Height));
        Assert.AreEqual(60, dataset.Annotations.Single(box => box.Id == 2).Width, "the evaluation sees the file as it is");
    }

    [TestMethod]
    public void Sparse_category_ids_become_consecutive_classes_in_the_order_of_the_file()
    {
        var (dataset, _) = Load(BadDatasetCase.All.Single(item => item.Name == "category-noncontiguous").Train);
        var (control, _) = Load(BadDatasetCase.All.Single(item => item.Name == "control").Train);
        Assert.AreEqual("7 90 12", string.Join(' ', dataset!.Categories.Select(category => category.Id)));
        Assert.AreEqual(
            string.Join(' ', control!.Objects.Select(box => box.ClassIndex)), string.Join(' ', dataset.Objects.Select(box => box.ClassIndex)));
        Assert.AreEqual(2, dataset.Objects.Max(box => box.ClassIndex));
    }

    [TestMethod]
    public void Crowds_are_kept_and_marked()
    {
        var (dataset, _) = Load(BadDatasetCase.All.Single(item => item.Name == "annotation-crowd").Train);
        Assert.AreEqual("42 43", string.Join(' ', dataset!.Objects.Where(box => box.IsCrowd).Select(box => box.Id)));
    }

    [TestMethod]
    public void The_png_bomb_takes_no_memory()
    {
        var item = BadDatasetCase.All.Single(item => item.Name == "image-png-bomb");
        Load(item.Train);
        var before = Environment.WorkingSet;
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => ImageFile.Decode(Path.Combine(item.Train, "0002.png")));
        Assert.AreEqual(Codes.ImageTooLarge, problem.Diagnostic.Code);
        Assert.IsLessThan(200L << 20, Environment.WorkingSet - before);
    }

    private static (CocoDataset? Dataset, IReadOnlyList<Diagnostic> Diagnostics) Load(string train)
    {
        var list = new DiagnosticList();
        try
        {
            return (CocoDataset.Load(Path.Combine(train, "_annotations.coco.json"), train, list), list.Items);
        }
        catch (DiagnosticException problem)
        {
            return (null, [.. list.Items, problem.Diagnostic]);
        }
    }
}

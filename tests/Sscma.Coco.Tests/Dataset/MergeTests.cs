using Sscma.Diagnostics;

namespace Sscma.Coco.Tests;

/// <summary>Several sources of one split.</summary>
[TestClass]
public sealed class MergeTests
{
    private readonly ThreePictures _pictures = new();

    [TestMethod]
    public void Equal_names_and_ids_of_two_parts_stay_two_images_and_classes_meet_by_name()
    {
        var voc = _pictures.Voc07 with { ClassNames = "dog;bird;cat" };
        var merged = _pictures.Load(voc, _pictures.Coco);
        Assert.AreEqual("dog bird cat", string.Join(' ', merged.Categories.Select(category => category.Name)), "the first part's order");
        Assert.AreEqual("voc/a.png voc/b.png voc/c.png coco/a.png coco/b.png coco/c.png", string.Join(' ', merged.Images.Select(image => image.FileName)));
        Assert.AreEqual("1 2 3 4 5 6", string.Join(' ', merged.Images.Select(image => image.Id)));
        Assert.AreEqual("1:3 1:1 2:1 4:3 4:1 5:1", string.Join(' ', merged.Annotations.Select(item => $"{item.ImageId}:{item.CategoryId}")));
        Assert.AreEqual("0:2 0:0 1:0 3:2 3:0 4:0", string.Join(' ', merged.Objects.Select(item => $"{item.ImageIndex}:{item.ClassIndex}")));
        Assert.AreEqual(6, merged.Annotations.Select(item => item.Id).Distinct().Count());
    }

    [TestMethod]
    public void Classes_are_renamed_merged_and_dropped()
    {
        var dataset = _pictures.Load(_pictures.Coco with { ClassMap = "dog=pet; cat=pet" });
        Assert.AreEqual("pet", dataset.Categories.Single().Name);
        Assert.HasCount(3, dataset.Objects);
        dataset = _pictures.Load(_pictures.Yolo with { ClassMap = "cat=" });
        Assert.AreEqual("a.png dog 32 16 32 16; b.png dog 4 8 8 16", FormatTests.BoxesOf(dataset));
        Assert.HasCount(3, dataset.Images, "an image that lost its objects stays");
        Assert.AreEqual(Codes.NoCategories, _pictures.Fails(_pictures.Coco with { ClassMap = "dog=;cat=" }).Code);
    }

    [TestMethod]
    public void An_unknown_class_in_the_map_is_an_error_with_the_nearest_name_in_the_training_split_only()
    {
        var part = _pictures.Coco with { ClassMap = "dug=pet" };
        var error = _pictures.Fails(part);
        Assert.AreEqual(Codes.ClassMapUnknown, error.Code);
        Assert.Contains("Did you mean 'dog'? It has cat, dog.", error.Message);
        Assert.HasCount(2, _pictures.Load(part with { Split = "val" }).Categories);
    }

    [TestMethod]
    public void One_plain_coco_file_is_used_as_it_stands()
    {
        var dataset = CocoDataset.Load([DatasetPart.Plain(_pictures.PathOf("coco.json"), _pictures.PathOf("JPEGImages"))], _pictures.Diagnostics);
        Assert.AreEqual("30 10 20", string.Join(' ', dataset.Images.Select(image => image.Id)));
        Assert.AreEqual("7 cat 3 dog", string.Join(' ', dataset.Categories.Select(category => $"{category.Id} {category.Name}")));
        Assert.AreEqual("a.png", dataset.Images[0].FileName);
        Assert.IsFalse(dataset.IsByName);
        Assert.AreEqual(Sscma.Files.Digest.OfFile(_pictures.PathOf("coco.json")), dataset.AnnotationDigest());
    }

    [TestMethod]
    public void A_split_is_brought_to_the_classes_of_the_training_and_what_is_lost_is_told()
    {
        var validation = _pictures.Load(_pictures.Coco).WithClasses(["bird", "dog"], _pictures.Diagnostics);
        Assert.AreEqual("a.png dog 32 16 32 16; b.png dog 4 8 8 16", FormatTests.BoxesOf(validation));
        Assert.AreEqual("2 2", string.Join(' ', validation.Annotations.Select(item => item.CategoryId)));
        Assert.AreEqual(Codes.ClassNotTrained, _pictures.Diagnostics.Items.Single().Code);
        Assert.Contains("'cat'", _pictures.Diagnostics.Items[0].Message);
    }

    [TestMethod]
    public void Images_in_both_splits_and_classes_that_are_never_learned_are_warnings()
    {
        var validation = _pictures.Load(_pictures.Coco);
        SplitChecks.Compare(_pictures.Load(_pictures.Coco), validation, _pictures.Diagnostics);
        Assert.AreEqual(Codes.ImageInBothSplits, _pictures.Diagnostics.Items.Single().Code);
        Assert.Contains("3 of 3 images", _pictures.Diagnostics.Items[0].Message);

        var list = new DiagnosticList();
        _pictures.Write("labels/train/a.txt", "0 0.25 0.25 0.25 0.25\n");
        _pictures.Write("labels/train/b.txt", "");
        SplitChecks.Compare(_pictures.Load(_pictures.Yolo), validation, list);
        Assert.AreEqual(Codes.ClassUnlearned, list.Items.Single().Code, "other pictures of the same names");
        Assert.Contains("'dog'", list.Items[0].Message);
    }
}

using Sscma.Diagnostics;

namespace Sscma.Coco.Tests;

/// <summary>YOLO and VOC folders give the boxes of their COCO form; what is wrong in them is one coded error with file and line.</summary>
[TestClass]
public sealed class FormatTests
{
    private const string Boxes = "a.png cat 8 4 16 8; a.png dog 32 16 32 16; b.png dog 4 8 8 16";

    private readonly ThreePictures _pictures = new();

    [TestMethod]
    public void Yolo_and_voc_have_the_boxes_of_their_coco_form()
    {
        foreach (var part in new[] { _pictures.Coco, _pictures.Yolo, _pictures.Voc07 })
        {
            var dataset = _pictures.Load(part);
            Assert.AreEqual(Boxes, BoxesOf(dataset), part.Name);
            Assert.AreEqual("a.png b.png c.png", string.Join(' ', dataset.Images.Select(image => Path.GetFileName(image.FileName))), part.Name);
            Assert.StartsWith($"{part.Name}/", dataset.Images[0].FileName);
            Assert.AreEqual("128 512 128", string.Join(' ', dataset.Annotations.Select(item => item.Area)), part.Name);
            Assert.AreEqual(part == _pictures.Voc07, dataset.Annotations[2].IsCrowd, "difficult in VOC only");
        }

        Assert.IsEmpty(_pictures.Diagnostics.Items);
    }

    [TestMethod]
    public void Voc_folders_without_lists_and_given_class_names_are_read()
    {
        var folder = _pictures.Voc07 with { Annotations = _pictures.PathOf("Annotations"), ClassNames = "dog; cat" };
        var dataset = _pictures.Load(folder);
        Assert.AreEqual(Boxes, BoxesOf(dataset));
        Assert.AreEqual("dog cat", string.Join(' ', dataset.Categories.Select(category => category.Name)));
        Assert.Contains("'cat' is not in ClassNames", _pictures.Fails(folder with { ClassNames = "dog" }).Message);
    }

    [TestMethod]
    [DataRow("names: {1: dog, 0: cat}\ntrain: ../images/train\n", DisplayName = "a map of names, a path that climbs out")]
    [DataRow("path: /no/such/place\nnames:\n- cat\n- dog\ntrain:\n- images/train\n", DisplayName = "a path of another machine, a list of folders")]
    [DataRow("names: [cat, dog]\ntrain: list.txt\n", DisplayName = "a list of images")]
    public void Spellings_of_data_yaml_mean_the_same(string yaml)
    {
        _pictures.Write("data.yaml", yaml);
        _pictures.Write("list.txt", "./images/train/c.png\nimages/train/b.png\r\n./images/train/a.png\n");
        Assert.AreEqual(Boxes, BoxesOf(_pictures.Load(_pictures.Yolo)));
    }

    [TestMethod]
    [DataRow("0 0.5 0.5 0.5\n", 1, "3 numbers stand after the class")]
    [DataRow("0 0.5 0.5 0.5 0.5\n2 0.5 0.5 0.5 0.5\n", 2, "the class is 2")]
    [DataRow("\ncat 0.5 0.5 0.5 0.5\n", 2, "the class is 'cat'")]
    [DataRow("0 0.5 0.5 64 0.5\n", 1, "'64' is no fraction")]
    [DataRow("0 0.5 NaN 0.5 0.5\n", 1, "'NaN' is no number")]
    public void A_malformed_label_line_is_one_error_with_its_line(string text, int line, string part)
    {
        _pictures.Write("labels/train/a.txt", text);
        _pictures.Write("labels/train/b.txt", "x\n");
        var error = _pictures.Fails(_pictures.Yolo);
        Assert.AreEqual((Codes.LabelFileWrong, _pictures.PathOf("labels/train/a.txt"), line), (error.Code, error.File, error.Line));
        Assert.Contains(part, error.Message);
        Assert.Contains("The same: b.txt line 1.", error.Message);
        Assert.IsEmpty(_pictures.Diagnostics.Items);
    }

    [TestMethod]
    [DataRow("names: [cat\n", 0, "no YAML")]
    [DataRow("names: [cat]\n", 1, "no 'train'")]
    [DataRow("names: [cat, cat]\ntrain: images/train\n", 1, "twice")]
    [DataRow("train: images/train\nnames: {0: cat, 2: dog}\n", 2, "the key '2'")]
    [DataRow("names: [cat, dog]\nnc: 3\ntrain: images/train\n", 2, "'nc' is 3")]
    [DataRow("names: [cat, dog]\ntrain: nowhere\n", 2, "'nowhere'")]
    public void A_wrong_data_yaml_is_one_error_with_its_line(string text, int line, string part)
    {
        _pictures.Write("data.yaml", text);
        var error = _pictures.Fails(_pictures.Yolo);
        Assert.AreEqual((Codes.YoloFileWrong, _pictures.PathOf("data.yaml")), (error.Code, error.File));
        Assert.Contains(part, error.Message);
        if (line > 0)
            Assert.AreEqual(line, error.Line);
    }

    [TestMethod]
    [DataRow("<annotation><object></annotation>", 1, "XML cannot be read")]
    [DataRow("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<annotation>&x;</annotation>", 1, "XML cannot be read")]
    [DataRow("<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z \"&x;&x;&x;\">]><annotation>&z;</annotation>", 1, "XML cannot be read")]
    [DataRow("<note/>", 1, "<note>")]
    [DataRow("<annotation>\n<object><name>cat</name></object></annotation>", 2, "no <bndbox>")]
    [DataRow("<annotation>\n<object>\n<bndbox/></object></annotation>", 2, "no <name>")]
    [DataRow("<annotation><object><name>cat</name>\n<bndbox><xmin>one</xmin></bndbox></object></annotation>", 2, "<xmin> of a <bndbox> is 'one'")]
    public void Malformed_and_hostile_xml_is_one_error_with_its_line(string text, int line, string part)
    {
        _pictures.Write("Annotations/a.xml", text);
        var error = _pictures.Fails(_pictures.Voc07);
        Assert.AreEqual((Codes.LabelFileWrong, _pictures.PathOf("Annotations/a.xml"), line), (error.Code, error.File, error.Line));
        Assert.Contains(part, error.Message);
        Assert.IsEmpty(_pictures.Diagnostics.Items);
    }

    [TestMethod]
    public void Missing_xml_files_are_told_at_the_line_of_the_list()
    {
        _pictures.Write("ImageSets/Main/train.txt", "a\nnone  1\nc -1\nneither\n");
        var error = _pictures.Fails(_pictures.Voc07);
        Assert.AreEqual((Codes.AnnotationFileMissing, _pictures.PathOf("ImageSets/Main/train.txt"), 2), (error.Code, error.File, error.Line));
        Assert.Contains("neither.xml", error.Message);
    }

    [TestMethod]
    public void Changing_one_box_changes_the_digest_of_the_annotations()
    {
        foreach (var (part, file) in new[] { (_pictures.Yolo, "labels/train/b.txt"), (_pictures.Voc07, "Annotations/b.xml"), (_pictures.Yolo, "data.yaml") })
        {
            var before = _pictures.Load(part).AnnotationDigest();
            Assert.AreEqual(before, _pictures.Load(part).AnnotationDigest());
            File.AppendAllText(_pictures.PathOf(file), " \n");
            Assert.AreNotEqual(before, _pictures.Load(part).AnnotationDigest(), file);
        }
    }

    internal static string BoxesOf(CocoDataset dataset) => string.Join("; ", dataset.Objects.Select(item =>
        FormattableString.Invariant($"{Path.GetFileName(dataset.Images[item.ImageIndex].FileName)} {dataset.Categories[item.ClassIndex].Name} {item.X} {item.Y} {item.Width} {item.Height}")));
}

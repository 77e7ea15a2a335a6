using System.Text;
using Sscma.Diagnostics;
using Sscma.TestSupport;

namespace Sscma.Coco.Tests;

/// <summary>Annotation files that people and tools get wrong: one coded error, with the line.</summary>
[TestClass]
public sealed class AnnotationFileTests
{
    private const string Image = """{ "id": 1, "file_name": "0001.jpg" }""";
    private const string Category = """{ "id": 1, "name": "a" }""";

    [TestMethod]
    [DataRow("", Codes.AnnotationJsonBroken, 1, "cut short")]
    [DataRow("{", Codes.AnnotationJsonBroken, 1, "cut short")]
    [DataRow("[]", Codes.AnnotationFieldWrong, 1, "a list where an object")]
    [DataRow("{}", Codes.AnnotationFieldWrong, 1, "\"images\"")]
    [DataRow("{\"images\": 3}", Codes.AnnotationFieldWrong, 1, "the number 3")]
    [DataRow("{\"images\": [\n7]}", Codes.AnnotationFieldWrong, 2, "the number 7")]
    [DataRow("{\"images\": [\n{\"file_name\": \"x\"}]}", Codes.AnnotationFieldWrong, 2, "no \"id\"")]
    [DataRow("{\"images\": [\n{\"id\": \"1\"}]}", Codes.AnnotationFieldWrong, 2, "whole number")]
    [DataRow("{\"images\": [\n{\"id\": 1.5}]}", Codes.AnnotationFieldWrong, 2, "whole number")]
    [DataRow("{\"images\": [\n{\"id\": 1e300}]}", Codes.AnnotationFieldWrong, 2, "whole number")]
    [DataRow("{\"images\": [\n{\"id\": 1, \"file_name\": \"\\ud800\"}]}", Codes.AnnotationFieldWrong, 2, "Unicode")]
    [DataRow("{\"images\": [],\n\"images\": [1,]}", Codes.AnnotationFieldWrong, 2, "the number 1")]
    [DataRow("{\"images\": [],\n\"annotations\": [],}", Codes.AnnotationJsonBroken, 2, "broken here, at '}'")]
    [DataRow("{\"images\": [], \"annotations\": [],\n\n'categories': []}", Codes.AnnotationJsonBroken, 3, "'categories'")]
    [DataRow("{\"images\": [], \"annotations\": [], \"categories\": []}\n{", Codes.AnnotationJsonBroken, 2, "broken here")]
    [DataRow("{\"x\": -Infinity}", Codes.AnnotationJsonBroken, 1, "-Infinity is not JSON")]
    [DataRow("{\"images\": [],\n\"annotations\": [], \"categories\": []}", Codes.NoImages, 1, "no images")]
    public void A_broken_file_is_one_error_with_its_line(string text, string code, int line, string fragment)
    {
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => Load(text));
        Assert.AreEqual(code, problem.Diagnostic.Code, problem.Message);
        Assert.AreEqual(line, problem.Diagnostic.Line, problem.Message);
        Assert.Contains(fragment, problem.Diagnostic.Message);
    }

    [TestMethod]
    [DataRow("""{ "id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 1e999] }""", Codes.BoxNotFourNumbers)]
    [DataRow("""{ "id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3] }""", Codes.BoxNotFourNumbers)]
    [DataRow("""{ "id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4, 5] }""", Codes.BoxNotFourNumbers)]
    [DataRow("""{ "id": 1, "image_id": 1, "category_id": 1, "bbox": [[1, 2, 3, 4]] }""", Codes.BoxNotFourNumbers)]
    [DataRow("""{ "id": 1, "image_id": 1, "category_id": 1, "bbox": { "x": 1 } }""", Codes.BoxNotFourNumbers)]
    [DataRow("""{ "id": 1, "image_id": 1, "category_id": 1, "bbox": null }""", Codes.BoxMissing)]
    [DataRow("""{ "id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "iscrowd": 2 }""", Codes.AnnotationFieldWrong)]
    [DataRow("""{ "id": 1, "image_id": 1, "category_id": null, "bbox": [1, 2, 3, 4] }""", Codes.AnnotationFieldWrong)]
    [DataRow("""{ "id": 1, "image_id": 1, "bbox": [1, 2, 3, 4] }""", Codes.AnnotationFieldWrong)]
    [DataRow("""{ "id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "area": "big" }""", Codes.AnnotationFieldWrong)]
    public void A_broken_annotation_is_one_error(string annotation, string code)
    {
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => Load(File(annotation)));
        Assert.AreEqual(code, problem.Diagnostic.Code, problem.Message);
        Assert.AreEqual(2, problem.Diagnostic.Line);
    }

    [TestMethod]
    public void What_tools_leave_out_or_write_otherwise_is_understood()
    {
        var dataset = Load(File("""{ "bbox": [1, 2, 30.5, 4], "category_id": 1.0, "image_id": 1, "id": -7, "iscrowd": false, "segmentation": [[1, 2, 3]] }"""));
        Assert.AreEqual(new CocoObject(-7, 0, 0, 1, 2, 30.5, 4, 122, false), dataset.Objects.Single());
        Assert.AreEqual((160, 120), (dataset.Images[0].Width, dataset.Images[0].Height));
    }

    [TestMethod]
    public void Text_that_is_not_utf8_is_told_with_its_line()
    {
        byte[] text = [.. "{\n \"x\": \""u8, 0xE4, .. "\" }"u8];
        var path = Path.Combine(TestPaths.Scratch(), "a.json");
        System.IO.File.WriteAllBytes(path, text);
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => CocoDataset.Load(path, Images, new DiagnosticList()));
        Assert.AreEqual((Codes.AnnotationEncoding, 2, 8), (problem.Diagnostic.Code, problem.Diagnostic.Line, problem.Diagnostic.Column));
    }

    [TestMethod]
    public void A_missing_file_and_a_missing_folder_are_told()
    {
        var missing = Assert.ThrowsExactly<DiagnosticException>(() => CocoDataset.Load(Path.Combine(Images, "none.json"), Images, new DiagnosticList()));
        Assert.AreEqual(Codes.AnnotationFileMissing, missing.Diagnostic.Code);
        var folder = Assert.ThrowsExactly<DiagnosticException>(() => CocoDataset.Load(Path.Combine(Images, "_annotations.coco.json"), Path.Combine(Images, "none"), new DiagnosticList()));
        Assert.AreEqual(Codes.ImageFolderMissing, folder.Diagnostic.Code);
    }

    [TestMethod]
    [DataRow("..")]
    [DataRow("")]
    [DataRow("..\\\\..\\\\secret.jpg")]
    [DataRow("C:\\\\secret.jpg")]
    [DataRow("\\\\\\\\host\\\\share\\\\x.jpg")]
    [DataRow("a/../../train-other/x.jpg")]
    [DataRow("../train2/x.jpg")]
    [DataRow("x\\u0000.jpg")]
    public void No_file_name_leads_out_of_the_folder(string name)
    {
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => Load(File("").Replace("0001.jpg", name, StringComparison.Ordinal)));
        Assert.AreEqual(Codes.ImagePathOutside, problem.Diagnostic.Code, problem.Message);
    }

    [TestMethod]
    public void Several_causes_are_all_told_each_once()
    {
        var list = new DiagnosticList();
        var text = File(
            """
            { "id": 1, "image_id": 1, "category_id": 4, "bbox": [1, 2, 3, 4] },
            { "id": 2, "image_id": 1, "category_id": 5, "bbox": [1, 2, 3, 4] },
            { "id": 3, "image_id": 1, "category_id": 1, "bbox": [1, 2, 0, 4] },
            { "id": 4, "image_id": 1, "category_id": 1 }
            """);
        var last = Assert.ThrowsExactly<DiagnosticException>(() => Load(text, list));
        Assert.AreEqual(
            $"{Codes.BoxWithoutArea} {Codes.CategoryUnknown} {Codes.BoxMissing}", string.Join(' ', list.Items.Append(last.Diagnostic).Select(item => item.Code)));
        Assert.Contains("2 of 4 annotations", list.Items[1].Message);
    }

    /// <summary>Random damage to a sound file must end in a dataset or in a coded error, never in an exception of ours.</summary>
    [TestMethod]
    public void Random_damage_never_ends_in_a_crash()
    {
        var sound = System.IO.File.ReadAllBytes(Path.Combine(Images, "_annotations.coco.json"));
        var random = new Random(1);
        var path = Path.Combine(TestPaths.Scratch(), "a.json");
        int read = 0, refused = 0;
        for (var round = 0; round < 400; round++)
        {
            var damaged = sound.AsSpan().ToArray();
            for (var i = random.Next(1, 4); i > 0; i--)
                damaged[random.Next(damaged.Length)] = round % 2 == 0 ? (byte)random.Next(256) : (byte)"0123456789-.eE{}[],:\"\\ nt"[random.Next(25)];
            if (round % 7 == 0)
                damaged = damaged[..random.Next(damaged.Length)];
            System.IO.File.WriteAllBytes(path, damaged);
            try
            {
                CocoDataset.Load(path, Images, new DiagnosticList());
                read++;
            }
            catch (DiagnosticException problem)
            {
                Assert.StartsWith("SSCMA1", problem.Diagnostic.Code, problem.Message);
                refused++;
            }
        }

        Assert.IsGreaterThan(20, read);
        Assert.IsGreaterThan(100, refused);
    }

    private static string Images => TestPaths.Data("datasets-bad", "control", "train");

    private static string File(string annotations) => $$"""
        { "images": [{{Image}}], "categories": [{{Category}}], "annotations": [
        {{annotations}}
        ] }
        """;

    private static CocoDataset Load(string text, DiagnosticList? list = null)
    {
        var path = Path.Combine(TestPaths.Scratch(), "a.json");
        System.IO.File.WriteAllText(path, text, new UTF8Encoding(false));
        return CocoDataset.Load(path, Images, list ?? new DiagnosticList());
    }
}

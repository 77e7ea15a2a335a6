using Sscma.Diagnostics;
using Sscma.TestSupport;

namespace Sscma.Coco.Tests;

/// <summary>The dataset of sample-project is what its README promises.</summary>
[TestClass]
public sealed class SampleDatasetTests
{
    private static readonly string Folder = Path.Combine(TestPaths.Repository, "sample-project", "dataset");

    [TestMethod]
    [DataRow("train", 200)]
    [DataRow("valid", 50)]
    public void A_split_is_large_enough_and_without_a_finding(string split, int images)
    {
        var findings = new DiagnosticList();
        var dataset = Load(split, findings);

        Assert.IsEmpty(findings.Items);
        Assert.IsGreaterThanOrEqualTo(images, dataset.Images.Count);
        CollectionAssert.AreEqual(new[] { "bolt", "nut", "washer" }, dataset.Categories.Select(category => category.Name).ToArray());
        for (var category = 0; category < dataset.Categories.Count; category++)
            Assert.IsGreaterThanOrEqualTo(images, dataset.Objects.Count(item => item.ClassIndex == category), $"too few of class {category}");
    }

    [TestMethod]
    [DataRow("train")]
    [DataRow("valid")]
    public void Every_box_lies_inside_its_image_and_is_large_enough_to_be_seen(string split)
    {
        var dataset = Load(split, new DiagnosticList());
        foreach (var item in dataset.Objects)
        {
            var image = dataset.Images[item.ImageIndex];
            var name = $"object {item.Id} of {image.FileName}";
            Assert.IsTrue(item.X >= 0 && item.Y >= 0, name);
            Assert.IsTrue(item.X + item.Width <= image.Width && item.Y + item.Height <= image.Height, name);
            Assert.IsGreaterThan(5.0, Math.Min(item.Width, item.Height), name);
            Assert.IsLessThan(100.0, Math.Max(item.Width, item.Height), name);
        }
    }

    [TestMethod]
    public void No_picture_is_in_both_splits()
    {
        var digests = Directory.GetFiles(Folder, "*.jpg", SearchOption.AllDirectories).Select(Files.Digest.OfFile).ToArray();
        Assert.AreEqual(digests.Length, digests.Distinct().Count());
    }

    [TestMethod]
    public void The_dataset_stays_small()
    {
        var bytes = new[] { "train", "valid" }.Sum(split => new DirectoryInfo(Path.Combine(Folder, split)).GetFiles().Sum(file => file.Length));
        Assert.IsLessThan(8L * 1024 * 1024, bytes);
    }

    private static CocoDataset Load(string split, IDiagnosticSink findings)
    {
        var folder = Path.Combine(Folder, split);
        return CocoDataset.Load(Path.Combine(folder, "_annotations.coco.json"), folder, findings);
    }
}

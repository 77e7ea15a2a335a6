using Sscma.Coco;
using Sscma.Imaging;
using Sscma.TestSupport;
using Sscma.Training.Loop;
using Sscma.Training.Network;
using Sscma.Training.Tests.Augmentation;

namespace Sscma.Training.Tests.Loop;

/// <summary>How whole pictures come to the network in validation, and its boxes back to the pictures.</summary>
[TestClass]
public sealed class ValidatorTests
{
    private const int Size = 64;

    [TestMethod]
    public void A_stretched_picture_is_the_devices_and_boxes_come_back_with_a_scale_of_each_axis()
    {
        var folder = TestPaths.Scratch();
        var wide = ImageFile.Decode(Save(folder, "wide.jpg", Scene.Draw(240, 96, (30, 20, 80, 50, 0), (150, 40, 60, 40, 2)).Picture.Render()));
        var square = InputImage.Of(wide, Size, Size, ResizeMode.Stretch).Image;
        var config = TinyDataset.Config with { Train = TinyDataset.Config.Train with { ImageSize = Size, Resize = "stretch" } };
        using var model = RtmDet.Create(config, 2, seed: 3);
        var stretching = new Validator(Dataset(folder, "wide.jpg", 240, 96), config);

        CollectionAssert.AreEqual(square.Pixels, stretching.ImageAt(0).Pixels);
        var found = stretching.Detect(model, [0], CancellationToken.None)[0];

        // The same network on the same pixels, in a picture that has the input's size: every box is that one, times the scale of its axis.
        File.WriteAllBytes(Path.Combine(folder, "square.bmp"), TinyDataset.Bitmap(square));
        var expected = new Validator(Dataset(folder, "square.bmp", Size, Size), config).Detect(model, [0], CancellationToken.None)[0];
        Assert.IsGreaterThan(10, found.Count);
        Assert.HasCount(expected.Count, found);
        foreach (var (box, plain) in found.Zip(expected))
        {
            Assert.AreEqual((plain.CategoryId, plain.Score), (box.CategoryId, box.Score));
            Assert.AreEqual(plain.X * 240 / Size, box.X, 1e-3);
            Assert.AreEqual(plain.Y * 96 / Size, box.Y, 1e-3);
            Assert.AreEqual(plain.Width * 240 / Size, box.Width, 1e-3);
            Assert.AreEqual(plain.Height * 96 / Size, box.Height, 1e-3);
        }

        var fitting = new Validator(Dataset(folder, "wide.jpg", 240, 96), config with { Train = config.Train with { Resize = "keep_ratio" } });
        CollectionAssert.AreEqual(InputImage.Of(wide, Size, Size, ResizeMode.KeepRatio).Image.Pixels, fitting.ImageAt(0).Pixels);
    }

    private static string Save(string folder, string name, RgbImage image)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllBytes(file, ImageFile.ToJpeg(image, 95));
        return file;
    }

    private static CocoDataset Dataset(string folder, string picture, int width, int height)
    {
        var annotations = Path.Combine(folder, picture + ".json");
        File.WriteAllText(annotations, $$"""
            { "images": [ { "id": 1, "file_name": "{{picture}}", "width": {{width}}, "height": {{height}} } ],
              "categories": [ { "id": 1, "name": "red" }, { "id": 2, "name": "blue" } ],
              "annotations": [ { "id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 20, 20], "area": 400, "iscrowd": 0 } ] }
            """);
        return CocoDataset.Load([DatasetPart.Plain(annotations, folder)], new Sscma.Diagnostics.DiagnosticList());
    }
}

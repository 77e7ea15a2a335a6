using SkiaSharp;
using Sscma.Diagnostics;
using Sscma.Natives;
using Sscma.TestSupport;

namespace Sscma.Coco.Tests;

/// <summary>
/// The same three pictures in every form: a.png 64x32 with a cat at (8, 4) of 16x8 and a dog at (32, 16) of 32x16; b.png 32x32 with a dog at (4, 8) of 8x16
/// that is difficult in VOC; c.png 16x16 with nothing.
/// </summary>
internal sealed class ThreePictures
{
    private readonly string _root = TestPaths.Scratch();

    public ThreePictures()
    {
        NativeLibraries.UseSkiaSharp();
        foreach (var folder in new[] { "images/train", "JPEGImages" })
        {
            Draw($"{folder}/a.png", 64, 32);
            Draw($"{folder}/b.png", 32, 32);
            Draw($"{folder}/c.png", 16, 16);
        }

        Write("coco.json", """
            { "categories": [ { "id": 7, "name": "cat" }, { "id": 3, "name": "dog" } ],
              "images": [ { "id": 30, "file_name": "a.png", "width": 64, "height": 32 }, { "id": 10, "file_name": "b.png" }, { "id": 20, "file_name": "c.png" } ],
              "annotations": [
                { "id": 5, "image_id": 30, "category_id": 7, "bbox": [8, 4, 16, 8] },
                { "id": 6, "image_id": 30, "category_id": 3, "bbox": [32, 16, 32, 16] },
                { "id": 7, "image_id": 10, "category_id": 3, "bbox": [4, 8, 8, 16] } ] }
            """);
        Write("data.yaml", "path: .\ntrain: images/train   # relative\nval: images/train\nnc: 2\nnames: [cat, dog]\n");
        // The dog is a polygon; its bounding box is what counts.
        Write("labels/train/a.txt", "0 0.25 0.25 0.25 0.25\n1 0.5 0.5 1.0 0.5 1.0 1.0 0.75 0.75 0.5 1.0\n");
        Write("labels/train/b.txt", "1 0.25 0.5 0.25 0.5\n\n");
        Write("ImageSets/Main/train.txt", "a\nb\nc\n");
        Write("Annotations/a.xml", Voc("a.png", 64, 32, ("cat", 9, 5, 24, 12, 0), ("dog", 33, 17, 64, 32, 0)));
        Write("Annotations/b.xml", Voc("C:\\pictures\\b.png", 32, 32, ("dog", 5, 9, 12, 24, 1)));
        Write("Annotations/c.xml", Voc("c.png", 16, 16));
    }

    public DiagnosticList Diagnostics { get; } = new();

    public DatasetPart Coco => new() { Format = DatasetFormat.Coco, Name = "coco", Dataset = "coco", Annotations = PathOf("coco.json"), Images = PathOf("JPEGImages"), Root = _root };

    public DatasetPart Yolo => new() { Format = DatasetFormat.Yolo, Name = "yolo", Dataset = "yolo", Annotations = PathOf("data.yaml"), Images = "", Root = _root };

    public DatasetPart Voc07 => new()
    {
        Format = DatasetFormat.Voc, Name = "voc", Dataset = "voc", Annotations = PathOf("ImageSets/Main/train.txt"), Images = PathOf("JPEGImages"), Labels = PathOf("Annotations"), Root = _root,
    };

    public CocoDataset Load(params DatasetPart[] parts) => CocoDataset.Load(parts, Diagnostics);

    /// <summary>The one error of a split.</summary>
    public Diagnostic Fails(params DatasetPart[] parts) => Assert.ThrowsExactly<DiagnosticException>(() => Load(parts)).Diagnostic;

    public string PathOf(string relative) => Path.Combine(_root, relative);

    public void Write(string relative, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.WriteAllText(PathOf(relative), text);
    }

    public static string Voc(string name, int width, int height, params (string Name, int Left, int Top, int Right, int Bottom, int Difficult)[] objects) =>
        $"<annotation>\n<filename>{name}</filename>\n<size><width>{width}</width><height>{height}</height><depth>3</depth></size>\n"
        + string.Concat(objects.Select(item => $"<object><name>{item.Name}</name><difficult>{item.Difficult}</difficult>\n<bndbox><xmin>{item.Left}</xmin><ymin>{item.Top}</ymin><xmax>{item.Right}</xmax><ymax>{item.Bottom}</ymax></bndbox></object>\n"))
        + "</annotation>\n";

    private void Draw(string relative, int width, int height)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.Gray);
        using var file = File.Create(PathOf(relative));
        bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
    }
}

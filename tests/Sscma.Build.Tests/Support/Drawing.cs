using System.Globalization;
using System.Text;
using System.Text.Json;
using Sscma.Natives;
using SkiaSharp;

namespace Sscma.Build.Tests.Support;

/// <summary>A dataset that a small network learns in a minute: bright squares and discs on a dark ground.</summary>
internal static class Drawing
{
    private const int Side = 96;

    /// <summary>Draws a split: PNG files and _annotations.coco.json. The same seed gives the same pictures.</summary>
    public static void Split(string folder, int images, int seed)
    {
        NativeLibraries.UseSkiaSharp();
        Directory.CreateDirectory(folder);
        var random = new Random(seed);
        var (imageList, objects) = (new List<string>(), new List<string>());
        for (var image = 1; image <= images; image++)
        {
            var name = $"picture ü {image}.png";
            imageList.Add($$"""{ "id": {{image}}, "file_name": "{{name}}", "width": {{Side}}, "height": {{Side}} }""");
            using var bitmap = new SKBitmap(Side, Side);
            using (var canvas = new SKCanvas(bitmap))
            {
                canvas.Clear(new SKColor((byte)random.Next(40), (byte)random.Next(40), (byte)random.Next(40)));
                for (var i = 0; i < 2; i++)
                {
                    // One object in each half, so that none hides another.
                    var size = random.Next(26, 42);
                    var (x, y) = ((i * Side / 2) + random.Next(1, (Side / 2) - size), random.Next(1, Side - size));
                    var disc = random.Next(2) == 1;
                    Draw(canvas, new SKRect(x, y, x + size, y + size), disc, random);
                    objects.Add(string.Create(CultureInfo.InvariantCulture, $$"""{ "id": {{objects.Count + 1}}, "image_id": {{image}}, "category_id": {{(disc ? 2 : 1)}}, "bbox": [{{x}}, {{y}}, {{size}}, {{size}}], "area": {{size * size}}, "iscrowd": 0 }"""));
                }
            }

            using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            File.WriteAllBytes(Path.Combine(folder, name), png.ToArray());
        }

        var text = new StringBuilder("{ \"images\": [\n").AppendJoin(",\n", imageList).Append("],\n\"annotations\": [\n").AppendJoin(",\n", objects)
            .Append("],\n\"categories\": [ { \"id\": 1, \"name\": \"square\" }, { \"id\": 2, \"name\": \"disc\" } ] }\n");
        File.WriteAllText(Path.Combine(folder, "_annotations.coco.json"), text.ToString());
    }

    /// <summary>Draws the same kind of split as YOLO has it: pictures in one folder, a text file for each in another.</summary>
    public static void YoloSplit(string pictures, string labels, int images, int seed)
    {
        Split(pictures, images, seed);
        Directory.CreateDirectory(labels);
        var file = Path.Combine(pictures, "_annotations.coco.json");
        using (var coco = JsonDocument.Parse(File.ReadAllBytes(file)))
        {
            for (var image = 1; image <= images; image++)
            {
                var lines = coco.RootElement.GetProperty("annotations").EnumerateArray()
                    .Where(item => item.GetProperty("image_id").GetInt32() == image)
                    .Select(item => (Class: item.GetProperty("category_id").GetInt32() - 1, Box: item.GetProperty("bbox").EnumerateArray().Select(number => number.GetDouble() / Side).ToArray()))
                    .Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Class} {item.Box[0] + (item.Box[2] / 2)} {item.Box[1] + (item.Box[3] / 2)} {item.Box[2]} {item.Box[3]}\n"));
                File.WriteAllText(Path.Combine(labels, $"picture {image}.txt"), string.Concat(lines));
                File.Move(Path.Combine(pictures, $"picture ü {image}.png"), Path.Combine(pictures, $"picture {image}.png"));
            }
        }

        File.Delete(file);
    }

    private static void Draw(SKCanvas canvas, SKRect box, bool disc, Random random)
    {
        var bright = (byte)random.Next(190, 256);
        using var paint = new SKPaint { Color = disc ? new SKColor(40, bright, 60) : new SKColor(bright, 60, 40), IsAntialias = true };
        if (disc)
            canvas.DrawOval(box, paint);
        else
            canvas.DrawRect(box, paint);
    }
}

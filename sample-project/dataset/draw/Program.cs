using HardwareParts.Drawing;
using SkiaSharp;

// Draws the sample's data set: dotnet run -c Release, from this folder. The same seeds give the same images.
const int Side = 192;
const int Quality = 88;

if (args.Length > 1)
{
    Console.Error.WriteLine("usage: dotnet run -c Release [-- <folder of the data set>]");
    return 2;
}

var folder = args.Length == 1 ? args[0] : Path.Combine(Environment.CurrentDirectory, "..");
DrawSplit("train", count: 600, seed: 0x7A11);
DrawSplit("valid", count: 80, seed: 0xBA5E);
return 0;

void DrawSplit(string name, int count, ulong seed)
{
    var target = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
    var coco = new CocoFile(Side);
    var pictures = new (byte[] Jpeg, Box[] Boxes)[count];
    // A picture in the making takes 50 MB, so no more of them than cores.
    var cores = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
    Parallel.For(0, count, cores, index => pictures[index] = Draw(new Dice(Dice.Mix(seed) + (ulong)index)));
    for (var index = 0; index < count; index++)
    {
        var file = $"{name}_{index + 1:000}.jpg";
        File.WriteAllBytes(Path.Combine(target, file), pictures[index].Jpeg);
        coco.AddImage(file, pictures[index].Boxes);
    }

    coco.Write(Path.Combine(target, "_annotations.coco.json"));
    Console.WriteLine($"{name}: {count} images, {pictures.Sum(picture => picture.Boxes.Length)} parts");
}

static (byte[] Jpeg, Box[] Boxes) Draw(Dice dice)
{
    var scene = new Scene(dice, Side);
    var renderer = new Renderer(scene, Side);
    var photograph = new Camera(dice).Develop(renderer.Shade(), Side, scene.Light.Exposure);
    return (Encode(photograph), [.. renderer.Boxes()]);
}

static byte[] Encode(byte[] rgb)
{
    using var bitmap = new SKBitmap(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque);
    for (var pixel = 0; pixel < Side * Side; pixel++)
        bitmap.SetPixel(pixel % Side, pixel / Side, new SKColor(rgb[3 * pixel], rgb[3 * pixel + 1], rgb[3 * pixel + 2]));
    using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, Quality);
    return data.ToArray();
}

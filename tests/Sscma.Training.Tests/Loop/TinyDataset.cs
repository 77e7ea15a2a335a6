using System.Buffers.Binary;
using System.Text.Json;
using Sscma.Coco;
using Sscma.TestSupport;
using Sscma.Training.Augmentation;
using Sscma.Training.Configuration;

namespace Sscma.Training.Tests.Loop;

/// <summary>A dataset on disk that a tiny network learns in seconds: bright red and blue rectangles on a dark ground, 64x64.</summary>
internal sealed class TinyDataset
{
    public const int Size = 64;

    public TinyDataset(int trainImages = 10, int valImages = 4, string[]? valCategories = null, string[]? trainCategories = null)
    {
        Folder = TestPaths.Scratch();
        Write("train", 0, trainImages, trainCategories ?? ["red", "blue"]);
        Write("val", 1000, valImages, valCategories ?? ["red", "blue"]);
    }

    public string Folder { get; }

    /// <summary>A network of about 13 thousand parameters, four epochs of three iterations, all augmentations.</summary>
    public static DetectorConfig Config { get; } = new()
    {
        Model = new ModelConfig { Widen = 0.0625, Deepen = 0.33 },
        Train = new TrainConfig { ImageSize = Size, MaxEpochs = 4, Stage2Epochs = 1, BatchSize = 4, ValInterval = 1, Seed = 5, Threads = 1 },
        Optim = new OptimConfig { Lr = 0.002, WarmupIterations = 4 },
        Augmentation = new AugmentationConfig { Order = ["mosaic", "resize", "crop", "hsv", "flip", "pad", "mixup"] },
    };

    public TrainingRequest Request(string workFolder, DetectorConfig? config = null) => new()
    {
        Model = "tiny",
        Config = config ?? Config,
        TrainAnnotations = Path.Combine(Folder, "train.json"),
        TrainImages = Path.Combine(Folder, "train"),
        ValAnnotations = Path.Combine(Folder, "val.json"),
        ValImages = Path.Combine(Folder, "val"),
        WorkFolder = Path.Combine(Folder, workFolder),
    };

    private void Write(string split, int seed, int count, string[] categories)
    {
        Directory.CreateDirectory(Path.Combine(Folder, split));
        var annotations = new List<object>();
        for (var i = 0; i < count; i++)
        {
            var image = new RgbImage(Size, Size, 30);
            var random = new RandomSource(seed, i);
            for (var label = 0; label < 2; label++)
            {
                var (width, height) = (14 + random.Below(14), 14 + random.Below(14));
                var (x, y) = ((label * 32) + random.Below(32 - width), random.Below(Size - height));
                for (var row = y; row < y + height; row++)
                {
                    for (var column = x; column < x + width; column++)
                        image.Row(row)[(column * 3) + (2 * label)] = 240;
                }

                annotations.Add(new { id = annotations.Count + 1, image_id = i + 1, category_id = label + 1, bbox = new[] { x, y, width, height }, area = width * height, iscrowd = 0 });
            }

            File.WriteAllBytes(Path.Combine(Folder, split, $"{i}.bmp"), Bitmap(image));
        }

        File.WriteAllText(Path.Combine(Folder, $"{split}.json"), JsonSerializer.Serialize(new
        {
            images = Enumerable.Range(0, count).Select(i => new { id = i + 1, file_name = $"{i}.bmp", width = Size, height = Size }),
            categories = categories.Select((name, index) => new { id = index + 1, name }),
            annotations,
        }));
    }

    /// <summary>A Windows bitmap of 24 bits: rows from the bottom, blue first. The width is a multiple of 4, so rows need no filling.</summary>
    public static byte[] Bitmap(RgbImage image)
    {
        const int header = 54;
        var file = new byte[header + image.Pixels.Length];
        file[0] = (byte)'B';
        file[1] = (byte)'M';
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), header);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), image.Width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), image.Height);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), 24);
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                var to = header + ((((image.Height - 1 - y) * image.Width) + x) * 3);
                for (var channel = 0; channel < 3; channel++)
                    file[to + 2 - channel] = image.Row(y)[(x * 3) + channel];
            }
        }

        return file;
    }
}

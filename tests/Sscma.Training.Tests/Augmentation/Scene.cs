using Sscma.Coco;
using Sscma.Detection;
using Sscma.Training.Augmentation;
using Sscma.Training.Augmentation.Pictures;

namespace Sscma.Training.Tests.Augmentation;

/// <summary>
/// Pictures whose boxes can be checked by looking: rectangles of a label's own strong colour on a dark ground.
/// Labels 0, 1, 2 are red, green, blue.
/// </summary>
internal static class Scene
{
    public static Sample Draw(int width, int height, params (int X, int Y, int Width, int Height, int Label)[] rectangles)
    {
        var image = new RgbImage(width, height, 20);
        foreach (var (left, top, boxWidth, boxHeight, label) in rectangles)
        {
            for (var y = top; y < top + boxHeight; y++)
            {
                for (var x = left; x < left + boxWidth; x++)
                {
                    var pixel = image.Pixels.AsSpan(((y * width) + x) * 3, 3);
                    pixel.Fill(20);
                    pixel[label] = 230;
                }
            }
        }

        return new Sample(
            new ImagePicture(image),
            [.. rectangles.Select(item => new LabeledBox(new Box(item.X, item.Y, item.X + item.Width, item.Y + item.Height), item.Label))]);
    }

    /// <summary>A scene of its own for each index: one to three rectangles that do not overlap, sizes and shapes differ.</summary>
    public static Sample Random(int index)
    {
        var random = new RandomSource(77, index);
        var (width, height) = (40 + random.Below(90), 40 + random.Below(90));
        var count = 1 + random.Below(3);
        var column = width / count;
        return Draw(width, height, [.. Enumerable.Range(0, count).Select(i =>
        {
            var (boxWidth, boxHeight) = (10 + random.Below(column - 12), 10 + random.Below(height - 12));
            return ((i * column) + random.Below(column - boxWidth), random.Below(height - boxHeight), boxWidth, boxHeight, random.Below(3));
        })]);
    }

    /// <summary>Any bytes at all, for comparisons of pixels.</summary>
    public static RgbImage Noise(int width, int height, int seed)
    {
        var image = new RgbImage(width, height);
        var random = new RandomSource(seed);
        for (var i = 0; i < image.Pixels.Length; i++)
            image.Pixels[i] = (byte)random.Below(256);
        return image;
    }

    /// <summary>
    /// Fails unless every box lies on its colour and ends where the colour ends: one pixel inside each edge the label's channel leads by
    /// <paramref name="lead"/>, two pixels outside (where the picture goes on) it does not, unless another box is there. Both may be
    /// <paramref name="slack"/> pixels farther away.
    /// </summary>
    public static void AssertBoxesLieOnTheirColours(Sample sample, int lead = 30, bool checkOutside = true, float slack = 0)
    {
        var image = sample.Picture.Render();
        foreach (var (box, label) in sample.Objects)
        {
            if (box.Width < 6 + (2 * slack) || box.Height < 6 + (2 * slack))
                continue;
            var (middleX, middleY) = ((box.X1 + box.X2) / 2, (box.Y1 + box.Y2) / 2);
            foreach (var (x, y) in new[] { (middleX, middleY), (box.X1 + 1.5f + slack, middleY), (box.X2 - 1.5f - slack, middleY), (middleX, box.Y1 + 1.5f + slack), (middleX, box.Y2 - 1.5f - slack) })
                Assert.IsGreaterThanOrEqualTo(lead, Lead(image, (int)x, (int)y, label), $"label {label} at ({x}, {y}) of {box}");
            if (!checkOutside)
                continue;
            foreach (var (x, y) in new[] { (box.X1 - 2.5f - slack, middleY), (box.X2 + 2.5f + slack, middleY), (middleX, box.Y1 - 2.5f - slack), (middleX, box.Y2 + 2.5f + slack) })
            {
                if (x < 0 || y < 0 || x >= image.Width || y >= image.Height || sample.Objects.Any(other => Contains(other.Box, x, y)))
                    continue;
                Assert.IsLessThan(lead, Lead(image, (int)x, (int)y, label), $"label {label} goes on at ({x}, {y}) outside {box}");
            }
        }
    }

    /// <summary>By how much a channel exceeds the larger of the other two.</summary>
    private static int Lead(RgbImage image, int x, int y, int channel)
    {
        var pixel = image.Pixels.AsSpan(((y * image.Width) + x) * 3, 3);
        return pixel[channel] - Math.Max(pixel[(channel + 1) % 3], pixel[(channel + 2) % 3]);
    }

    private static bool Contains(in Box box, float x, float y) => x > box.X1 - 2 && x < box.X2 + 2 && y > box.Y1 - 2 && y < box.Y2 + 2;
}

using Sscma.Coco.Evaluation;

namespace Sscma.Coco.Tests;

/// <summary>
/// Large inputs by a counter-based hash: the same on every machine, and the same that the reference was asked about.
/// Boxes are drawn as whole hundredths of a pixel and scores as whole millionths, so every value is the double nearest to its decimal form.
/// </summary>
public sealed class LargeCase
{
    private const ulong Seed = 20240917;

    private readonly int _detectionsPerImage;
    private readonly int[] _cumulativeClassWeights;
    private readonly long[] _imageIds;
    private readonly long[] _categoryIds;
    private readonly (long Width, long Height)[] _sizes;
    private readonly int[] _mainClasses;

    private LargeCase(int images, int classes, int detectionsPerImage)
    {
        _detectionsPerImage = detectionsPerImage;
        _cumulativeClassWeights = Cumulative(Enumerable.Range(0, classes).Select(k => (1 << 20) / (k + 8)));
        _categoryIds = [.. Enumerable.Range(0, classes).Select(k => (long)(k + 1 + (k / 8)))];
        _imageIds = [.. Enumerable.Range(0, images).Select(n => 1 + (7L * n) + Draw(0, n, 7))];
        _sizes = [.. Enumerable.Range(0, images).Select(n => Draw(1, n, 4) == 0 ? (48000L, 64000L) : (64000L, 48000L))];
        _mainClasses = [.. Enumerable.Range(0, images).Select(n => DrawClass(6, n))];
    }

    /// <summary>Makes an input.</summary>
    public static EvaluationInput Make(int images, int classes, int objects, int detectionsPerImage)
    {
        var made = new LargeCase(images, classes, detectionsPerImage);
        var truth = made.Objects(objects);
        CocoAnnotation[] annotations =
        [
            .. truth.Select((item, i) => new CocoAnnotation(
                i + 1, made._imageIds[item.Image], made._categoryIds[item.Class],
                item.X / 100.0, item.Y / 100.0, item.Width / 100.0, item.Height / 100.0, item.Area / 1e6, item.IsCrowd)),
        ];
        return new EvaluationInput(made._imageIds, made._categoryIds, annotations, made.Detections(truth));
    }

    private List<Item> Objects(int count)
    {
        var weights = Cumulative(Enumerable.Range(0, _imageIds.Length).Select(n => Draw(2, n, 100) == 0 ? 0 : 1 + (int)Draw(3, n, 15)));
        var items = new List<Item>(count);
        for (var j = 0; j < count; j++)
        {
            var image = FirstAbove(weights, Draw(4, j, weights[^1]));
            var label = Draw(7, j, 2) == 0 ? _mainClasses[image] : DrawClass(5, j);
            var (width, height) = DrawSize(8, j, _sizes[image]);
            items.Add(new Item(
                image, label, Draw(11, j, _sizes[image].Width - width + 1), Draw(12, j, _sizes[image].Height - height + 1), width, height,
                width * height * (50 + Draw(14, j, 51)), Draw(13, j, 1000) < 12));
        }

        return [.. items.OrderBy(item => item.Image)];
    }

    private CocoDetection[] Detections(List<Item> truth)
    {
        var ofImage = truth.ToLookup(item => item.Image);
        var detections = new CocoDetection[_imageIds.Length * _detectionsPerImage];
        for (var n = 0; n < _imageIds.Length; n++)
        {
            Item[] objects = [.. ofImage[n]];
            for (var s = 0; s < _detectionsPerImage; s++)
            {
                long i = ((long)n * _detectionsPerImage) + s;
                var level = objects.Length > 0 ? s / objects.Length : 3;
                detections[i] = level < 3 ? Copy(objects[s % objects.Length], level, i) : Background(n, i);
            }
        }

        return detections;
    }

    /// <summary>A detection near an object, the farther the higher the level.</summary>
    private CocoDetection Copy(Item item, int level, long i)
    {
        var percent = level switch { 0 => 3, 1 => 10, _ => 25 };
        long a = item.Width * percent / 100, b = item.Height * percent / 100;
        var x = item.X - a + Draw(20, i, (2 * a) + 1);
        var y = item.Y - b + Draw(21, i, (2 * b) + 1);
        var width = Math.Max(1, item.Width - a + Draw(22, i, (2 * a) + 1));
        var height = Math.Max(1, item.Height - b + Draw(23, i, (2 * b) + 1));
        var label = Draw(24, i, 10) > 0 ? item.Class : DrawClass(25, i);
        var score = level switch { 0 => 300000 + Draw(26, i, 699999), 1 => 50000 + Draw(26, i, 700000), _ => 1000 + Draw(26, i, 400000) };
        return Detection(item.Image, label, x, y, width, height, score);
    }

    private CocoDetection Background(int image, long i)
    {
        var (width, height) = DrawSize(27, i, _sizes[image]);
        var q = Draw(26, i, 100000);
        return Detection(
            image, DrawClass(25, i), Draw(30, i, _sizes[image].Width - width + 1), Draw(31, i, _sizes[image].Height - height + 1), width, height, 1000 + (q * q / 33333));
    }

    private CocoDetection Detection(int image, int label, long x, long y, long width, long height, long score) =>
        new(_imageIds[image], _categoryIds[label], x / 100.0, y / 100.0, width / 100.0, height / 100.0, score / 1e6);

    private (long Width, long Height) DrawSize(int stream, long i, (long Width, long Height) limit)
    {
        var (low, high) = Draw(stream, i, 100) switch { < 41 => (400, 3200), < 75 => (3200, 9600), _ => (9600, 40000) };
        return (Math.Min(low + Draw(stream + 1, i, high - low), limit.Width), Math.Min(low + Draw(stream + 2, i, high - low), limit.Height));
    }

    private int DrawClass(int stream, long i) => FirstAbove(_cumulativeClassWeights, Draw(stream, i, _cumulativeClassWeights[^1]));

    /// <summary>A whole number below n: draw number i of a stream.</summary>
    private static long Draw(int stream, long i, long n) =>
        (long)(((Mix(Mix(Seed + (ulong)stream) + (((ulong)i + 1) * 0x9E3779B97F4A7C15)) >> 32) * (ulong)n) >> 32);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private static int[] Cumulative(IEnumerable<int> weights)
    {
        var sum = 0;
        return [.. weights.Select(weight => sum += weight)];
    }

    private static int FirstAbove(int[] cumulative, long value)
    {
        var index = Array.BinarySearch(cumulative, (int)value + 1);
        if (index < 0)
            return ~index;
        while (index > 0 && cumulative[index - 1] > value)
            index--;
        return index;
    }

    private sealed record Item(int Image, int Class, long X, long Y, long Width, long Height, long Area, bool IsCrowd);
}
